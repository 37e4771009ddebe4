namespace Platform.Contracts.Loyalty;

/// <summary>Money of an order was given back, in whole or in part, and its points with it. Published once per refund, in the refund's transaction.</summary>
/// <remarks>
/// Consumers: notifications, users (what a guest spends). Delivery is at least once and unordered, and may come before
/// <see cref="OrderPlaced"/> of the same order: deduplicate on <see cref="RefundId"/>; <see cref="Version"/> tells which of two states of
/// the account is newer.
/// </remarks>
public sealed record OrderRefunded
{
    /// <summary>An order may be refunded in several parts, each with an id of its own.</summary>
    public required RefundId RefundId { get; init; }

    public required OrderId OrderId { get; init; }

    public required UserId UserId { get; init; }

    /// <summary>Roubles that this refund gave back, of what was paid after points.</summary>
    public required Money Amount { get; init; }

    /// <summary>Roubles given back for this order so far, this refund included.</summary>
    public required Money RefundedTotal { get; init; }

    /// <summary>Points that the order had earned and that went with this refund; may be zero.</summary>
    public required Points PointsTakenBack { get; init; }

    /// <summary>
    /// Points that later orders had earned by a level that the guest holds no longer, and that went with this refund; null for none.
    /// </summary>
    public Points? PointsCorrected { get; init; }

    /// <summary>Points that had paid a part of the order and came back with this refund; may be zero.</summary>
    public required Points PointsReturned { get; init; }

    /// <summary>The account's points right after this refund; never below zero.</summary>
    public required Points Balance { get; init; }

    /// <summary>Points that the guest owes right after this refund, because they were spent already; their next earnings pay them first.</summary>
    public required Points Debt { get; init; }

    /// <summary>Key of the level right after this refund, which may have taken the guest down.</summary>
    public string? Level { get; init; }

    /// <summary>Version of the account, growing with each change.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset RefundedAt { get; init; }
}
