using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Sandbox.Telegram.Bots;
using Platform.Sandbox.Telegram.Chats;
using Platform.Sandbox.Telegram.Files;
using Platform.Sandbox.Telegram.Formatting;
using Platform.Sandbox.Telegram.People;

namespace Platform.Sandbox.Telegram.BotApi;

/// <summary>JSON shapes of the Bot API; see core.telegram.org/bots/api#available-types.</summary>
internal static class Wire
{
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static WireUser Of(Person person) =>
        new(person.Id.Value, IsBot: false, person.FirstName, person.LastName, person.Username, person.LanguageCode);

    public static WireUser Of(Bot bot) => new(bot.Id.Value, IsBot: true, bot.Name, LastName: null, bot.Username, LanguageCode: null);

    public static WireChat ChatWith(Person person) => new(person.Id.Value, person.FirstName, person.LastName, person.Username);

    public static WireMessage Of(Chat chat, Message message, bool withReply = true) => new()
    {
        MessageId = message.Id,
        From = message.FromBot ? Of(chat.Bot) : Of(chat.Person),
        Chat = ChatWith(chat.Person),
        Date = message.At.ToUnixTimeSeconds(),
        EditDate = message.EditedAt?.ToUnixTimeSeconds(),
        // A reply within a reply is not included.
        ReplyToMessage = withReply && message.ReplyToId is { } id && chat.Find(id) is { } repliedTo ? Of(chat, repliedTo, withReply: false) : null,
        Text = message.Text?.Text,
        Entities = Entities(message.Text),
        Photo = message.Photo is { } photo
            ? [new WirePhotoSize(photo.File.Id, photo.File.UniqueId, photo.File.Content.Length, photo.Width, photo.Height)]
            : null,
        Document = message.Document is { } document
            ? new WireDocument(document.Id, document.UniqueId, document.Content.Length, document.Name, document.MimeType)
            : null,
        Caption = message.Caption?.Text,
        CaptionEntities = Entities(message.Caption),
        Contact = message.Contact,
        ReplyMarkup = message.Keyboard is { } keyboard ? new WireReplyMarkup(keyboard.Rows) : null,
    };

    public static WireFile Of(SharedFile file) => new(file.Id, file.UniqueId, file.Content.Length, file.Path);

    private static IReadOnlyList<TextEntity>? Entities(FormattedText? text) => text is { Entities.Count: > 0 } ? text.Entities : null;
}

internal sealed record WireSuccess(bool Ok, object Result)
{
    public static WireSuccess Of(object result) => new(Ok: true, result);
}

internal sealed record WireFailure(bool Ok, int ErrorCode, string Description, WireResponseParameters? Parameters)
{
    public static WireFailure Of(Refusal refusal) => new(
        Ok: false, refusal.Code, refusal.Description, ParametersOf(refusal));

    private static WireResponseParameters? ParametersOf(Refusal refusal) =>
        refusal is { RetryAfter: null, MigrateToChatId: null } ? null : new WireResponseParameters(refusal.RetryAfter, refusal.MigrateToChatId);
}

/// <param name="RetryAfter">Seconds.</param>
/// <param name="MigrateToChatId">The id of the supergroup that the group became.</param>
internal sealed record WireResponseParameters(int? RetryAfter, long? MigrateToChatId);

/// <summary>Exactly one of the optional fields is set.</summary>
internal sealed record WireUpdate
{
    public int UpdateId { get; init; }

    public WireMessage? Message { get; init; }

    public WireMessage? EditedMessage { get; init; }

    public WireCallbackQuery? CallbackQuery { get; init; }

    public WireChatMemberUpdated? MyChatMember { get; init; }

    /// <summary>The name in <c>allowed_updates</c>.</summary>
    [JsonIgnore]
    public string Kind => this switch
    {
        { Message: not null } => "message",
        { EditedMessage: not null } => "edited_message",
        { CallbackQuery: not null } => "callback_query",
        _ => "my_chat_member",
    };
}

internal sealed record WireUser(long Id, bool IsBot, string FirstName, string? LastName, string? Username, string? LanguageCode);

/// <summary>What a bot learns about itself only.</summary>
internal sealed record WireMe(long Id, bool IsBot, string FirstName, string Username)
{
    public bool CanJoinGroups { get; } = true;

    public bool CanReadAllGroupMessages { get; }

    public bool SupportsInlineQueries { get; }

    public bool CanConnectToBusiness { get; }

    public bool HasMainWebApp { get; }
}

internal sealed record WireChat(long Id, string FirstName, string? LastName, string? Username)
{
    public string Type { get; } = "private";
}

internal sealed record WireMessage
{
    public required int MessageId { get; init; }

    public required WireUser From { get; init; }

    public required WireChat Chat { get; init; }

    /// <summary>Unix time, in seconds.</summary>
    public required long Date { get; init; }

    public long? EditDate { get; init; }

    public WireMessage? ReplyToMessage { get; init; }

    public string? Text { get; init; }

    public IReadOnlyList<TextEntity>? Entities { get; init; }

    public IReadOnlyList<WirePhotoSize>? Photo { get; init; }

    public WireDocument? Document { get; init; }

    public string? Caption { get; init; }

    public IReadOnlyList<TextEntity>? CaptionEntities { get; init; }

    public SharedContact? Contact { get; init; }

    public WireReplyMarkup? ReplyMarkup { get; init; }
}

internal sealed record WireReplyMarkup(IReadOnlyList<IReadOnlyList<InlineButton>> InlineKeyboard);

internal sealed record WirePhotoSize(string FileId, string FileUniqueId, int FileSize, int Width, int Height);

internal sealed record WireDocument(string FileId, string FileUniqueId, int FileSize, string FileName, string MimeType);

internal sealed record WireFile(string FileId, string FileUniqueId, int FileSize, string FilePath);

internal sealed record WireCallbackQuery(string Id, WireUser From, WireMessage Message, string ChatInstance, string Data);

internal sealed record WireChatMemberUpdated(WireChat Chat, WireUser From, long Date, WireChatMember OldChatMember, WireChatMember NewChatMember);

/// <param name="Status"><c>member</c>, or <c>kicked</c> when the person has blocked the bot.</param>
/// <param name="UntilDate">Set with <c>kicked</c>; 0 means for ever.</param>
internal sealed record WireChatMember(WireUser User, string Status, long? UntilDate);

internal sealed record WireWebhookInfo(
    string Url,
    bool HasCustomCertificate,
    int PendingUpdateCount,
    long? LastErrorDate,
    string? LastErrorMessage,
    int? MaxConnections,
    IReadOnlyCollection<string>? AllowedUpdates);
