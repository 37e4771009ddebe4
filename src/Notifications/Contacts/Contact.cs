using Platform.Contracts;

namespace Platform.Notifications.Contacts;

/// <summary>A copy of what is needed to write to a person, updated by events from Users.</summary>
internal sealed class Contact
{
    public required UserId UserId { get; init; }

    /// <summary>Null for a person without Telegram.</summary>
    public TelegramId? TelegramId { get; init; }

    /// <summary>Empty once the person is erased.</summary>
    public required string FullName { get; init; }

    /// <summary><c>ru</c> or <c>en</c>. Also applies to notifications that were queued before the person changed it.</summary>
    public required string Language { get; init; }

    public string? City { get; init; }

    /// <summary>Number of the member card, by which staff may address a message; null until it is known here.</summary>
    public string? MemberId { get; init; }

    /// <summary>Version of the person's state in this copy; older events are ignored.</summary>
    public required long Version { get; init; }

    /// <summary>Whether the person was erased: nothing is sent to them, and late events do not restore their data.</summary>
    public bool Erased { get; init; }
}
