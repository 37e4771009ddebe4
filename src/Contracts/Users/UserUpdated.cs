namespace Platform.Contracts.Users;

/// <summary>Something of a person has changed: what he told of himself, how he is reached, or his membership. The whole of it is told, as it is now.</summary>
/// <remarks>
/// Consumers: notifications and courses (keep their copy), loyalty (keeps the name), billing (start credits of whoever is verified later).
/// Delivery is at least once and unordered, also against <see cref="UserRegistered"/>: upsert by <see cref="UserId"/> unless the stored
/// version is higher (of one version this event tells more than that one). Fields are only ever added, as nullable.
/// </remarks>
public sealed record UserUpdated
{
    public required UserId UserId { get; init; }

    /// <summary>Null for a person without Telegram. Another one than before when he lost his account and came back with a new one.</summary>
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

    /// <summary>Another person had the same phone before him, so that no start bonus is due.</summary>
    public required bool PhoneSeenBefore { get; init; }

    /// <summary>Of his card, such as <c>MNT-7KQ2M9X7</c>; null until he has one.</summary>
    public string? MemberId { get; init; }

    /// <summary>One of <see cref="MembershipTypes"/>, as of <see cref="UpdatedAt"/>.</summary>
    public required string MembershipType { get; init; }

    /// <summary>When premium ends, or when it has ended; null for whoever never had it.</summary>
    public DateTimeOffset? MembershipExpires { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Version of the person's state, growing with each change.</summary>
    public required long Version { get; init; }
}
