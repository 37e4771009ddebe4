using Platform.Sandbox.Telegram.Chats;
using Platform.Sandbox.Telegram.Files;

namespace Platform.Sandbox.Telegram.BotApi.Methods;

internal static class SendPhoto
{
    private const int MaxBytes = 10 * 1024 * 1024;
    private const int MaxSides = 10_000;

    public static async Task<BotAnswer> Handle(BotCall call, CancellationToken ct)
    {
        var (sent, size, refusal) = await Read(call, "photo", ct);
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
                Photo = Store(call, sent!, size),
                Caption = caption,
                Keyboard = sentAs.Markup?.Inline,
                ChangedReplyKeyboard = sentAs.ChangesReplyKeyboard,
                ReplyToId = sentAs.ReplyToId,
            });
        }
    }

    /// <returns>The file and its size, or why it is not a photo.</returns>
    public static async Task<(SentFile? File, (int Width, int Height, string MimeType) Size, Refusal? Refusal)> Read(
        BotCall call, string name, CancellationToken ct)
    {
        var (sent, refusal) = await SentFile.Read(call, name, MaxBytes, ct);
        if (refusal is not null)
        {
            return (null, default, refusal);
        }

        if (ImageSize.Of(sent!.Content.Span) is not { } size)
        {
            return (null, default, Refusal.BadRequest("IMAGE_PROCESS_FAILED"));
        }

        return size.Width + size.Height > MaxSides ? (null, default, Refusal.BadRequest("PHOTO_INVALID_DIMENSIONS")) : (sent, size, null);
    }

    public static Photo Store(BotCall call, SentFile sent, (int Width, int Height, string MimeType) size) =>
        new(sent.Known ?? call.Messenger.Files.Add("photos", sent.Name, size.MimeType, sent.Content), size.Width, size.Height);
}

internal static class SendDocument
{
    public const int MaxBytes = 50 * 1024 * 1024;

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
                Document = Store(call, sent!),
                Caption = caption,
                Keyboard = sentAs.Markup?.Inline,
                ChangedReplyKeyboard = sentAs.ChangesReplyKeyboard,
                ReplyToId = sentAs.ReplyToId,
            });
        }
    }

    public static SharedFile Store(BotCall call, SentFile sent) => sent.Known ?? call.Messenger.Files.Add("documents", sent.Name, sent.MimeType, sent.Content);
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
