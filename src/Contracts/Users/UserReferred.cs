namespace Platform.Contracts.Users;

/// <summary>A person registered with someone's referral code. Published with the registration, at most once per person.</summary>
/// <remarks>Consumers: loyalty (bonuses for both). Delivery is at least once and unordered: deduplicate on <see cref="UserId"/>.</remarks>
public sealed record UserReferred
{
    /// <summary>The person who registered.</summary>
    public required UserId UserId { get; init; }

    /// <summary>The owner of the referral code; never the same person, and it never changes.</summary>
    public required UserId ReferrerId { get; init; }

    public required DateTimeOffset ReferredAt { get; init; }
}
