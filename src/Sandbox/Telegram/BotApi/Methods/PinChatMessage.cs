namespace Platform.Sandbox.Telegram.BotApi.Methods;

internal static class PinChatMessage
{
    public static BotAnswer Handle(BotCall call)
    {
        if (call.FindOpenChat(out var chat) is { } refusal)
        {
            return refusal;
        }

        if (call.Parameters.Long("message_id") is not { } id)
        {
            return Refusals.NoMessageId;
        }

        if (id is < 1 or > int.MaxValue || chat.Find((int)id) is not { } message)
        {
            return Refusal.BadRequest("message to pin not found");
        }

        chat.Pin(message);
        return BotAnswer.True;
    }
}
