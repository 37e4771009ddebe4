using Platform.Sandbox.Telegram.Chats;
using Platform.Sandbox.Telegram.Formatting;

namespace Platform.Sandbox.Telegram.BotApi;

/// <summary>What photos and documents share.</summary>
internal static class SendWithCaption
{
    /// <summary>In UTF-16 units, without tags.</summary>
    public const int MaxLength = 1024;

    public static BotAnswer Send(BotCall call, Func<SentMessage, FormattedText?, Message> create)
    {
        if (call.ReadText("caption", "caption_entities", out var caption) is { } refusal)
        {
            return refusal;
        }

        return caption.Length > MaxLength
            ? Refusal.BadRequest("message caption is too long")
            : call.Send(sent => create(sent, caption.Length == 0 ? null : caption));
    }
}
