namespace Platform.Contracts.Loyalty;

/// <summary>An order was refunded, in whole or in part, and its points with it. Published once per refund, in the refund's transaction.</summary>
/// <remarks>
/// Consumers: notifications, users (spending), loyalty itself (stamps, gifts of levels). Delivery is at least once and unordered, and may come before
/// <see cref="OrderPlaced"/> of the same order: deduplicate on <see cref="RefundId"/>; the higher <see cref="Version"/> is the newer
/// state of the account.
/// </remarks>
public sealed record OrderRefunded
{
    /// <summary>An order may be refunded in several parts, each with an id of its own.</summary>
    public required RefundId RefundId { get; init; }

    public required OrderId OrderId { get; init; }

    public required UserId UserId { get; init; }

    /// <summary>Roubles returned by this refund, out of what was paid after points.</summary>
    public required Money Amount { get; init; }

    /// <summary>Roubles returned for this order so far, including this refund.</summary>
    public required Money RefundedTotal { get; init; }

    /// <summary>Points earned by the order and taken back by this refund; may be zero.</summary>
    public required Points PointsTakenBack { get; init; }

    /// <summary>Points taken back because later orders earned them at a level that this refund lowered; null for none.</summary>
    public Points? PointsCorrected { get; init; }

    /// <summary>Points spent on the order and returned by this refund; may be zero.</summary>
    public required Points PointsReturned { get; init; }

    /// <summary>The account's balance right after this refund; never below zero.</summary>
    public required Points Balance { get; init; }

    /// <summary>Points that the guest owes right after this refund because they were already spent; paid off by their next earnings.</summary>
    public required Points Debt { get; init; }

    /// <summary>Key of the level right after this refund, which may have lowered it.</summary>
    public string? Level { get; init; }

    /// <summary>Version of the account, growing with each change.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset RefundedAt { get; init; }
}
