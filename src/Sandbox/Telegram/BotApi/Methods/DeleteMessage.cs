namespace Platform.Sandbox.Telegram.BotApi.Methods;

/// <summary>Deletes a message of the bot or the person that is not older than two days.</summary>
internal static class DeleteMessage
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(48);

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
            return Refusal.BadRequest("message to delete not found");
        }

        if (call.Messenger.Now - message.At > MaxAge)
        {
            return Refusal.BadRequest("message can't be deleted");
        }

        chat.Delete(message);
        return BotAnswer.True;
    }
}
