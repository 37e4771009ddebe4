namespace Platform.Contracts.Users;

/// <summary>A person's profile, contacts or membership changed. The event carries the full current state.</summary>
/// <remarks>
/// Consumers: notifications and courses (store a copy), loyalty (stores what the counter needs), billing (start credits for a person verified later).
/// Delivery is at least once and unordered, also against <see cref="UserRegistered"/>: upsert by <see cref="UserId"/> unless the stored
/// version is higher (at the same version this event wins over that one). Fields are only ever added, as nullable.
/// </remarks>
public sealed record UserUpdated
{
    public required UserId UserId { get; init; }

    /// <summary>Null for a person without Telegram. Changes when a person recovers their account from a new Telegram account.</summary>
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

    /// <summary>Another person had the same phone before, so no start bonus is due.</summary>
    public required bool PhoneSeenBefore { get; init; }

    /// <summary>Number of the member card, such as <c>MNT-7KQ2M9X7</c>; null until there is one.</summary>
    public string? MemberId { get; init; }

    /// <summary>One of <see cref="MembershipTypes"/>, as of <see cref="UpdatedAt"/>.</summary>
    public required string MembershipType { get; init; }

    /// <summary>When premium ends or ended; null if the person never had it.</summary>
    public DateTimeOffset? MembershipExpires { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Version of the person's state, growing with each change.</summary>
    public required long Version { get; init; }
}
