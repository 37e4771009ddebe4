using Platform.Sandbox.Telegram.Chats;

namespace Platform.Sandbox.Telegram.BotApi.Methods;

internal static class EditMessageText
{
    public static BotAnswer Handle(BotCall call)
    {
        if (call.FindOwnMessage(out var chat, out var message) is { } refusal)
        {
            return refusal;
        }

        if (call.ReadText("text", "entities", out var text) is { } badText)
        {
            return badText;
        }

        if (call.ReadReplyMarkup(out var markup) is { } badMarkup)
        {
            return badMarkup;
        }

        if (text.Length == 0)
        {
            return Refusal.BadRequest("message text is empty");
        }

        if (text.Length > SendMessage.MaxLength)
        {
            return Refusal.BadRequest("MESSAGE_TOO_LONG");
        }

        if (message.Text is null)
        {
            return Refusal.BadRequest("there is no text in the message to edit");
        }

        if (text.SameAs(message.Text) && Edits.SameButtons(message, markup))
        {
            return Refusals.NotModified;
        }

        message.Text = text;
        // Buttons that are not sent again are gone.
        message.Keyboard = markup?.Inline;
        chat.Edited(message, call.Messenger.Now);
        return BotAnswer.Of(Wire.Of(chat, message));
    }
}

internal static class EditMessageCaption
{
    public static BotAnswer Handle(BotCall call)
    {
        if (call.FindOwnMessage(out var chat, out var message) is { } refusal)
        {
            return refusal;
        }

        if (call.ReadText("caption", "caption_entities", out var caption) is { } badCaption)
        {
            return badCaption;
        }

        if (call.ReadReplyMarkup(out var markup) is { } badMarkup)
        {
            return badMarkup;
        }

        if (caption.Length > SendWithCaption.MaxLength)
        {
            return Refusal.BadRequest("message caption is too long");
        }

        if (message is { Photo: null, Document: null })
        {
            return Refusal.BadRequest("there is no caption in the message to edit");
        }

        var same = caption.Length == 0 ? message.Caption is null : caption.SameAs(message.Caption);
        if (same && Edits.SameButtons(message, markup))
        {
            return Refusals.NotModified;
        }

        message.Caption = caption.Length == 0 ? null : caption;
        message.Keyboard = markup?.Inline;
        chat.Edited(message, call.Messenger.Now);
        return BotAnswer.Of(Wire.Of(chat, message));
    }
}

internal static class EditMessageReplyMarkup
{
    public static BotAnswer Handle(BotCall call)
    {
        if (call.FindOwnMessage(out var chat, out var message) is { } refusal)
        {
            return refusal;
        }

        if (call.ReadReplyMarkup(out var markup) is { } badMarkup)
        {
            return badMarkup;
        }

        if (Edits.SameButtons(message, markup))
        {
            return Refusals.NotModified;
        }

        message.Keyboard = markup?.Inline;
        chat.Edited(message, call.Messenger.Now);
        return BotAnswer.Of(Wire.Of(chat, message));
    }
}

file static class Edits
{
    public static bool SameButtons(Message message, ReplyMarkup? markup) =>
        markup?.Inline is { } wanted ? wanted.SameAs(message.Keyboard) : message.Keyboard is null;
}
