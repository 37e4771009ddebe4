namespace Platform.Contracts.Users;

/// <summary>A person registered with the referral code of another. Published with his registration, at most once per person.</summary>
/// <remarks>No consumer yet. Delivery is at least once and unordered: deduplicate on <see cref="UserId"/>.</remarks>
public sealed record UserReferred
{
    /// <summary>Who registered.</summary>
    public required UserId UserId { get; init; }

    /// <summary>Whose code he came with; never he himself, and the same for ever.</summary>
    public required UserId ReferrerId { get; init; }

    public required DateTimeOffset ReferredAt { get; init; }
}
