using Platform.Contracts;

namespace Platform.Loyalty.Referrals;

/// <summary>That a guest was invited by another. Decided once, with the first paid order of the one who was invited.</summary>
internal sealed class Referral
{
    /// <summary>The guest who was invited.</summary>
    public required UserId UserId { get; init; }

    public required UserId ReferrerId { get; init; }

    public required DateTimeOffset ReferredAt { get; init; }

    public DateTimeOffset? RewardedAt { get; private set; }

    /// <summary>What each of the two got; zero when no bonus was due.</summary>
    public Points? Bonus { get; private set; }

    public void Reward(Points bonus, DateTimeOffset now) => (Bonus, RewardedAt) = (bonus, now);
}
