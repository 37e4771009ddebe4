namespace Platform.Contracts.Users;

/// <summary>A person registered. Published once per person, with the registration.</summary>
/// <remarks>
/// Consumers: loyalty (opens the account, stores what the counter needs), billing (opens the account), courses and notifications (store a copy).
/// Delivery is at least once and unordered: upsert by <see cref="UserId"/> where the stored version is lower. Fields are only ever added,
/// as nullable.
/// </remarks>
public sealed record UserRegistered
{
    public required UserId UserId { get; init; }

    /// <summary>Null for a person without Telegram.</summary>
    public TelegramId? TelegramId { get; init; }

    public required string FullName { get; init; }

    /// <summary>Language of messages to this person: <c>ru</c> or <c>en</c>.</summary>
    public required string Language { get; init; }

    public string? City { get; init; }

    public DateOnly? BirthDate { get; init; }

    /// <summary>E.164. For receipts; never shown to others.</summary>
    public string? Phone { get; init; }

    /// <summary>For receipts, and for messages to people without Telegram.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the person proved that the phone is theirs; only verified people get start bonuses.</summary>
    public required bool PhoneVerified { get; init; }

    /// <summary>Another person registered with the same phone before, so no start bonus is due.</summary>
    public required bool PhoneSeenBefore { get; init; }

    /// <summary>Number of the member card, such as <c>MNT-7KQ2M9X7</c>; null until there is one.</summary>
    public string? MemberId { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Version of the person's state, growing with each change; 1 at registration.</summary>
    public required long Version { get; init; }
}
