namespace Platform.Contracts.Users;

/// <summary>A person registered. Published once per person, with his registration.</summary>
/// <remarks>
/// Consumers: loyalty (opens the account, keeps the name), billing (opens the account), courses and notifications (keep their copy).
/// Delivery is at least once and unordered: upsert by <see cref="UserId"/> where the stored version is lower. Fields are only ever added, as nullable.
/// </remarks>
public sealed record UserRegistered
{
    public required UserId UserId { get; init; }

    /// <summary>Null for a person without Telegram.</summary>
    public TelegramId? TelegramId { get; init; }

    public required string FullName { get; init; }

    /// <summary>Language of everything that is said to him: <c>ru</c> or <c>en</c>.</summary>
    public required string Language { get; init; }

    public string? City { get; init; }

    public DateOnly? BirthDate { get; init; }

    /// <summary>E.164. For receipts; nobody shows it to others.</summary>
    public string? Phone { get; init; }

    /// <summary>For receipts, and for writing to whoever has no Telegram.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the phone is known to be his own; only verified people get start bonuses.</summary>
    public required bool PhoneVerified { get; init; }

    /// <summary>Another person registered with the same phone before, so that no start bonus is due.</summary>
    public required bool PhoneSeenBefore { get; init; }

    /// <summary>Of his card, such as <c>MNT-7KQ2M9X7</c>; null until he has one, as at his registration.</summary>
    public string? MemberId { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Version of the person's state, growing with each change; 1 at registration.</summary>
    public required long Version { get; init; }
}
