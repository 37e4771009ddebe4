using Platform.Sandbox.Telegram.Chats;

namespace Platform.Sandbox.Telegram.BotApi.Methods;

internal static class SendMessage
{
    /// <summary>In UTF-16 units, without tags.</summary>
    public const int MaxLength = 4096;

    public static BotAnswer Handle(BotCall call)
    {
        if (call.ReadText("text", "entities", out var text) is { } refusal)
        {
            return refusal;
        }

        return text.Length switch
        {
            0 => Refusal.BadRequest("message text is empty"),
            > MaxLength => Refusal.BadRequest("message is too long"),
            _ => call.Send(sent => new Message
            {
                Id = sent.Id,
                FromBot = true,
                At = sent.At,
                Text = text,
                Keyboard = sent.Markup?.Inline,
                ChangedReplyKeyboard = sent.ChangesReplyKeyboard,
                ReplyToId = sent.ReplyToId,
            }),
        };
    }
}
