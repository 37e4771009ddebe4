using Platform.Contracts;

namespace Platform.Notifications.Contacts;

/// <summary>What this service needs to know of a person to speak to him: its own copy, kept by the events of users.</summary>
internal sealed class Contact
{
    public required UserId UserId { get; init; }

    /// <summary>Under which bots know him; null for a person without Telegram.</summary>
    public TelegramId? TelegramId { get; init; }

    /// <summary>Empty once the person is erased.</summary>
    public required string FullName { get; init; }

    /// <summary><c>ru</c> or <c>en</c>: the language of every text that he gets, also of those queued before he changed it.</summary>
    public required string Language { get; init; }

    public string? City { get; init; }

    /// <summary>Version of the person's state that this copy shows; events that are older change nothing.</summary>
    public required long Version { get; init; }

    /// <summary>He asked to be forgotten: nothing is written to him, and no late event brings his data back.</summary>
    public bool Erased { get; init; }
}
