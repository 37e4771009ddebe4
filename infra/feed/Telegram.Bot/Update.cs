using System.Text.Json.Serialization;
using Telegram.Bot.Serialization;
using Telegram.Bot.Types.Enums;

namespace Telegram.Bot.Types;

public class Update
{
    [JsonPropertyName("update_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int Id { get; set; }

    public Message? Message { get; set; }

    public Message? EditedMessage { get; set; }

    public CallbackQuery? CallbackQuery { get; set; }

    /// <summary>The bot itself was let in or put out: in a private chat, the person started it or blocked it.</summary>
    public ChatMemberUpdated? MyChatMember { get; set; }

    [JsonIgnore]
    public UpdateType Type => this switch
    {
        { Message: not null } => UpdateType.Message,
        { EditedMessage: not null } => UpdateType.EditedMessage,
        { CallbackQuery: not null } => UpdateType.CallbackQuery,
        { MyChatMember: not null } => UpdateType.MyChatMember,
        _ => UpdateType.Unknown,
    };
}

public class CallbackQuery
{
    public string Id { get; set; } = default!;

    public User From { get; set; } = default!;

    public Message? Message { get; set; }

    public string? InlineMessageId { get; set; }

    public string ChatInstance { get; set; } = default!;

    public string? Data { get; set; }

    public string? GameShortName { get; set; }
}

public class ChatMemberUpdated
{
    public Chat Chat { get; set; } = default!;

    public User From { get; set; } = default!;

    [JsonConverter(typeof(UnixDateTimeConverter))]
    public DateTime Date { get; set; }

    public ChatMember OldChatMember { get; set; } = default!;

    public ChatMember NewChatMember { get; set; } = default!;

    public bool ViaJoinRequest { get; set; }

    public bool ViaChatFolderInviteLink { get; set; }
}

[JsonConverter(typeof(ChatMemberConverter))]
public abstract class ChatMember
{
    public abstract ChatMemberStatus Status { get; }

    public User User { get; set; } = default!;

    [JsonIgnore]
    public bool IsAdmin => Status is ChatMemberStatus.Administrator or ChatMemberStatus.Creator;

    [JsonIgnore]
    public bool IsInChat => this switch
    {
        ChatMemberLeft or ChatMemberBanned => false,
        ChatMemberRestricted restricted => restricted.IsMember,
        _ => true,
    };
}

public class ChatMemberOwner : ChatMember
{
    public override ChatMemberStatus Status => ChatMemberStatus.Creator;
}

public class ChatMemberAdministrator : ChatMember
{
    public override ChatMemberStatus Status => ChatMemberStatus.Administrator;
}

public class ChatMemberMember : ChatMember
{
    public override ChatMemberStatus Status => ChatMemberStatus.Member;
}

public class ChatMemberRestricted : ChatMember
{
    public override ChatMemberStatus Status => ChatMemberStatus.Restricted;

    public bool IsMember { get; set; }
}

public class ChatMemberLeft : ChatMember
{
    public override ChatMemberStatus Status => ChatMemberStatus.Left;
}

/// <summary>In a private chat: the person has blocked the bot.</summary>
public class ChatMemberBanned : ChatMember
{
    public override ChatMemberStatus Status => ChatMemberStatus.Kicked;
}

public class WebhookInfo
{
    public string Url { get; set; } = default!;

    public bool HasCustomCertificate { get; set; }

    public int PendingUpdateCount { get; set; }

    public string? IpAddress { get; set; }

    [JsonConverter(typeof(UnixDateTimeConverter))]
    public DateTime? LastErrorDate { get; set; }

    public string? LastErrorMessage { get; set; }

    public int? MaxConnections { get; set; }

    public UpdateType[]? AllowedUpdates { get; set; }
}

public class ResponseParameters
{
    /// <summary>The group became a supergroup with this id.</summary>
    public long? MigrateToChatId { get; set; }

    /// <summary>In seconds, from now.</summary>
    public int? RetryAfter { get; set; }
}
