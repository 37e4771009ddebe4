namespace Platform.Sandbox.Telegram.BotApi.Methods;

internal static class GetMe
{
    public static BotAnswer Handle(BotCall call) =>
        BotAnswer.Of(new WireMe(call.Bot.Id.Value, IsBot: true, call.Bot.Name, call.Bot.Username));
}
