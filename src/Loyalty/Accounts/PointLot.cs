using Platform.Contracts;

namespace Platform.Loyalty.Accounts;

/// <summary>Points that came to the balance with one entry. The oldest are spent first, and what is left expires.</summary>
internal sealed class PointLot
{
    public required UserId UserId { get; init; }

    /// <summary>The entry that they came with.</summary>
    public required PointEntryId EntryId { get; init; }

    public required Points Points { get; init; }

    public required Points PointsLeft { get; init; }

    public required DateTimeOffset EarnedAt { get; init; }

    /// <summary>When they expire; null when that follows from the settings and the guest's last order.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
