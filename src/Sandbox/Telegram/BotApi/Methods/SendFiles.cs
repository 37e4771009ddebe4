using Platform.Sandbox.Telegram.Chats;
using Platform.Sandbox.Telegram.Files;

namespace Platform.Sandbox.Telegram.BotApi.Methods;

internal static class SendPhoto
{
    private const int MaxBytes = 10 * 1024 * 1024;
    private const int MaxSides = 10_000;

    public static async Task<BotAnswer> Handle(BotCall call, CancellationToken ct)
    {
        var (sent, refusal) = await SentFile.Read(call, "photo", MaxBytes, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        if (ImageSize.Of(sent!.Content.Span) is not { } size)
        {
            return Refusal.BadRequest("IMAGE_PROCESS_FAILED");
        }

        if (size.Width + size.Height > MaxSides)
        {
            return Refusal.BadRequest("PHOTO_INVALID_DIMENSIONS");
        }

        lock (call.Messenger.Lock)
        {
            return SendWithCaption.Send(call, (sentAs, caption) => new Message
            {
                Id = sentAs.Id,
                FromBot = true,
                At = sentAs.At,
                Photo = new Photo(sent.Known ?? call.Messenger.Files.Add("photos", sent.Name, size.MimeType, sent.Content), size.Width, size.Height),
                Caption = caption,
                Keyboard = sentAs.Markup?.Inline,
                ChangedReplyKeyboard = sentAs.ChangesReplyKeyboard,
                ReplyToId = sentAs.ReplyToId,
            });
        }
    }
}

internal static class SendDocument
{
    private const int MaxBytes = 50 * 1024 * 1024;

    public static async Task<BotAnswer> Handle(BotCall call, CancellationToken ct)
    {
        var (sent, refusal) = await SentFile.Read(call, "document", MaxBytes, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        lock (call.Messenger.Lock)
        {
            return SendWithCaption.Send(call, (sentAs, caption) => new Message
            {
                Id = sentAs.Id,
                FromBot = true,
                At = sentAs.At,
                Document = sent!.Known ?? call.Messenger.Files.Add("documents", sent.Name, sent.MimeType, sent.Content),
                Caption = caption,
                Keyboard = sentAs.Markup?.Inline,
                ChangedReplyKeyboard = sentAs.ChangesReplyKeyboard,
                ReplyToId = sentAs.ReplyToId,
            });
        }
    }
}

internal static class SendContact
{
    public static BotAnswer Handle(BotCall call)
    {
        if (call.Parameters.Text("phone_number") is not { } phone)
        {
            return Refusal.BadRequest("parameter \"phone_number\" is required");
        }

        if (call.Parameters.Text("first_name") is not { } firstName)
        {
            return Refusal.BadRequest("parameter \"first_name\" is required");
        }

        return call.Send(sent => new Message
        {
            Id = sent.Id,
            FromBot = true,
            At = sent.At,
            Contact = new SharedContact(phone, firstName, call.Parameters.Text("last_name"), UserId: null),
            Keyboard = sent.Markup?.Inline,
            ChangedReplyKeyboard = sent.ChangesReplyKeyboard,
            ReplyToId = sent.ReplyToId,
        });
    }
}
