namespace Platform.Sandbox.Telegram.BotApi.Methods;

/// <summary><c>logOut</c> and <c>close</c>: there is no other server to move to, so the bot may continue.</summary>
internal static class LogOut
{
    public static BotAnswer Handle(BotCall call)
    {
        _ = call;
        return BotAnswer.True;
    }
}
