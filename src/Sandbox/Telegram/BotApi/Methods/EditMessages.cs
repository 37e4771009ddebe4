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
        // Buttons that are not sent again are removed.
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

/// <summary>Replaces the content of a message, including text, with a photo or a document and its caption.</summary>
internal static class EditMessageMedia
{
    public static async Task<BotAnswer> Handle(BotCall call, CancellationToken ct)
    {
        if (call.Parameters.Text("media") is null)
        {
            return Refusal.BadRequest("parameter \"media\" is required");
        }

        if (call.Parameters.Object("media") is not { } fields)
        {
            return Refusal.BadRequest("can't parse input media JSON object");
        }

        var media = call.ReadingFrom(fields);
        return fields.Text("type") switch
        {
            null => Refusal.BadRequest("can't parse InputMedia: type not found"),
            _ when fields.Text("media") is null => Refusal.BadRequest("can't parse InputMedia: media not found"),
            "photo" => await SetPhoto(call, media, ct),
            "document" => await SetDocument(call, media, ct),
            _ => Refusal.BadRequest("unsupported type of media: the sandbox supports photos and documents"),
        };
    }

    private static async Task<BotAnswer> SetPhoto(BotCall call, BotCall media, CancellationToken ct)
    {
        var (sent, size, refusal) = await SendPhoto.Read(media, "media", ct);
        return refusal ?? Set(
            call, media, isSame: message => message.Photo is { } photo && photo.File == sent!.Known,
            message => (message.Photo, message.Document) = (SendPhoto.Store(call, sent!, size), null));
    }

    private static async Task<BotAnswer> SetDocument(BotCall call, BotCall media, CancellationToken ct)
    {
        var (sent, refusal) = await SentFile.Read(media, "media", SendDocument.MaxBytes, ct);
        return refusal ?? Set(
            call, media, isSame: message => message.Document is { } document && document == sent!.Known,
            message => (message.Photo, message.Document) = (null, SendDocument.Store(call, sent!)));
    }

    private static BotAnswer Set(BotCall call, BotCall media, Func<Message, bool> isSame, Action<Message> set)
    {
        lock (call.Messenger.Lock)
        {
            if (call.FindOwnMessage(out var chat, out var message) is { } refusal)
            {
                return refusal;
            }

            if (media.ReadText("caption", "caption_entities", out var caption) is { } badCaption)
            {
                return badCaption;
            }

            if (caption.Length > SendWithCaption.MaxLength)
            {
                return Refusal.BadRequest("message caption is too long");
            }

            if (call.ReadReplyMarkup(out var markup) is { } badMarkup)
            {
                return badMarkup;
            }

            if (message.Contact is not null)
            {
                return Refusals.CannotBeEdited;
            }

            var sameCaption = caption.Length == 0 ? message.Caption is null : caption.SameAs(message.Caption);
            if (isSame(message) && sameCaption && Edits.SameButtons(message, markup))
            {
                return Refusals.NotModified;
            }

            set(message);
            message.Text = null;
            message.Caption = caption.Length == 0 ? null : caption;
            message.Keyboard = markup?.Inline;
            chat.Edited(message, call.Messenger.Now);
            return BotAnswer.Of(Wire.Of(chat, message));
        }
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
