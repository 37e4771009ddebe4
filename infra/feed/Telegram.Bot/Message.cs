using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using Telegram.Bot.Serialization;
using Telegram.Bot.Types.Enums;
using Telegram.Bot.Types.ReplyMarkups;

namespace Telegram.Bot.Types;

public class Message
{
    [JsonPropertyName("message_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int Id { get; set; }

    [JsonIgnore]
    public int MessageId => Id;

    public int? MessageThreadId { get; set; }

    public User? From { get; set; }

    public Chat? SenderChat { get; set; }

    /// <summary>In UTC, to the second; <c>default</c> when the message can no longer be read.</summary>
    [JsonConverter(typeof(UnixDateTimeConverter))]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTime Date { get; set; }

    public Chat Chat { get; set; } = default!;

    public Message? ReplyToMessage { get; set; }

    [JsonConverter(typeof(UnixDateTimeConverter))]
    public DateTime? EditDate { get; set; }

    public string? MediaGroupId { get; set; }

    public string? Text { get; set; }

    public MessageEntity[]? Entities { get; set; }

    public LinkPreviewOptions? LinkPreviewOptions { get; set; }

    public Document? Document { get; set; }

    /// <summary>The same picture in several sizes, the smallest first.</summary>
    public PhotoSize[]? Photo { get; set; }

    public string? Caption { get; set; }

    public MessageEntity[]? CaptionEntities { get; set; }

    public Contact? Contact { get; set; }

    public Message? PinnedMessage { get; set; }

    public InlineKeyboardMarkup? ReplyMarkup { get; set; }

    [JsonIgnore]
    public MessageType Type => this switch
    {
        { Text: not null } => MessageType.Text,
        { Document: not null } => MessageType.Document,
        { Photo: not null } => MessageType.Photo,
        { Contact: not null } => MessageType.Contact,
        _ => MessageType.Unknown,
    };

    [JsonIgnore]
    public IEnumerable<string>? EntityValues => Text is null ? null : Entities?.Select(entity => Text.Substring(entity.Offset, entity.Length));
}

/// <summary>A part of a text; offset and length in UTF-16 units.</summary>
public class MessageEntity
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public MessageEntityType Type { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int Offset { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int Length { get; set; }

    public string? Url { get; set; }

    public User? User { get; set; }

    public string? Language { get; set; }

    public string? CustomEmojiId { get; set; }
}

public class Contact
{
    public string PhoneNumber { get; set; } = default!;

    public string FirstName { get; set; } = default!;

    public string? LastName { get; set; }

    /// <summary>Whose number it is, if Telegram knows; anybody's card can be sent.</summary>
    public long? UserId { get; set; }

    public string? Vcard { get; set; }
}

public class User
{
    public long Id { get; set; }

    public bool IsBot { get; set; }

    public string FirstName { get; set; } = default!;

    public string? LastName { get; set; }

    public string? Username { get; set; }

    /// <summary>IETF tag of the person's app.</summary>
    public string? LanguageCode { get; set; }

    public bool IsPremium { get; set; }

    public bool CanJoinGroups { get; set; }

    public bool CanReadAllGroupMessages { get; set; }

    public bool SupportsInlineQueries { get; set; }

    public override string ToString() => Username is null ? $"{FirstName}{LastName?.Insert(0, " ")} ({Id})" : $"@{Username} ({Id})";
}

public class Chat
{
    public long Id { get; set; }

    public ChatType Type { get; set; }

    public string? Title { get; set; }

    public string? Username { get; set; }

    public string? FirstName { get; set; }

    public string? LastName { get; set; }

    public bool IsForum { get; set; }
}

/// <summary>A chat by its number, or a public one by its name with an @.</summary>
[JsonConverter(typeof(ChatIdConverter))]
public class ChatId : IEquatable<ChatId>
{
    public ChatId(long identifier) => Identifier = identifier;

    /// <exception cref="ArgumentException">Neither a number nor a name with an @.</exception>
    public ChatId(string username)
    {
        ArgumentNullException.ThrowIfNull(username);
        if (username is ['@', _, ..])
        {
            Username = username;
        }
        else if (long.TryParse(username, NumberStyles.Integer, CultureInfo.InvariantCulture, out var identifier))
        {
            Identifier = identifier;
        }
        else
        {
            throw new ArgumentException("Username value should be Identifier or Username that starts with @", nameof(username));
        }
    }

    public long? Identifier { get; }

    public string? Username { get; }

    public static implicit operator ChatId(long identifier) => new(identifier);

    public static implicit operator ChatId(string username) => new(username);

    [return: NotNullIfNotNull(nameof(chat))]
    public static implicit operator ChatId?(Chat? chat) => chat is null ? null : new(chat.Id);

    [return: NotNullIfNotNull(nameof(user))]
    public static implicit operator ChatId?(User? user) => user is null ? null : new(user.Id);

    public static bool operator ==(ChatId? obj1, ChatId? obj2) => obj1 is null ? obj2 is null : obj1.Equals(obj2);

    public static bool operator !=(ChatId? obj1, ChatId? obj2) => !(obj1 == obj2);

    public bool Equals(ChatId? other) =>
        other is not null && Identifier == other.Identifier && string.Equals(Username, other.Username, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object? obj) => Equals(obj as ChatId);

    public override int GetHashCode() => HashCode.Combine(Identifier, Username?.ToUpperInvariant());

    public override string ToString() => Username ?? Identifier!.Value.ToString(CultureInfo.InvariantCulture);
}

public class ReplyParameters
{
    public int? MessageId { get; set; }

    public ChatId? ChatId { get; set; }

    public bool AllowSendingWithoutReply { get; set; }

    public string? Quote { get; set; }

    public static implicit operator ReplyParameters(int replyToMessageId) => new() { MessageId = replyToMessageId };

    public static implicit operator ReplyParameters?(Message? msg) => msg is null ? null : new() { MessageId = msg.Id, ChatId = msg.Chat.Id };
}

public class LinkPreviewOptions
{
    public static readonly LinkPreviewOptions Disabled = new() { IsDisabled = true };

    public bool IsDisabled { get; set; }

    public string? Url { get; set; }

    public bool PreferSmallMedia { get; set; }

    public bool PreferLargeMedia { get; set; }

    public bool ShowAboveText { get; set; }

    public static implicit operator LinkPreviewOptions(string url) => new() { Url = url };
}
