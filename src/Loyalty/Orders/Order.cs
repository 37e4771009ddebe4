using Platform.Contracts;

namespace Platform.Loyalty.Orders;

/// <summary>A purchase at the counter, written once by <c>place_order</c> together with its ledger entries and events.</summary>
internal sealed class Order
{
    public required OrderId Id { get; init; }

    public required UserId UserId { get; init; }

    public required StaffId StaffId { get; init; }

    public string? ShopId { get; init; }

    public required string Code { get; init; }

    /// <summary>Price before points.</summary>
    public required Money Amount { get; init; }

    /// <summary>Amount left to pay after points.</summary>
    public required Money Paid { get; init; }

    public required Points PointsEarned { get; init; }

    public required Points PointsSpent { get; init; }

    /// <summary>The part of <see cref="PointsEarned"/> that paid off a debt instead of going to the balance.</summary>
    public Points DebtPaid { get; init; }

    public required Points BalanceAfter { get; init; }

    public required string LevelBefore { get; init; }

    public required string LevelAfter { get; init; }

    /// <summary>The price of a point when this order earned.</summary>
    public required Money RoublesPerPoint { get; init; }

    /// <summary>The level by which it earned: that of the quote or of the time when it was placed. Null for older orders.</summary>
    public string? EarnLevel { get; init; }

    /// <summary>The factor of <see cref="EarnLevel"/> at that time.</summary>
    public decimal? LevelMultiplier { get; init; }

    public CampaignId? CampaignId { get; init; }

    public string? CampaignTitle { get; init; }

    public decimal? CampaignMultiplier { get; init; }

    public Points? CampaignBonus { get; init; }

    /// <summary>The caller's <c>Idempotency-Key</c>, unique per member of staff. Never expires.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 of the request sent with the key.</summary>
    public byte[]? RequestHash { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>When it arrived, for an order that the till placed while it was offline; null for all others.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>The part of <see cref="Paid"/> refunded so far.</summary>
    public Money RefundedAmount { get; init; }

    /// <summary>The part of <see cref="PointsEarned"/> that refunds took back.</summary>
    public Points PointsTakenBack { get; init; }

    /// <summary>The part of <see cref="PointsSpent"/> that refunds gave back.</summary>
    public Points PointsReturned { get; init; }

    /// <summary>Points due at the level that remains after refunds of earlier orders; null when all of <see cref="PointsEarned"/> is due.</summary>
    public Points? PointsDue { get; init; }

    /// <summary>The part of <see cref="PointsEarned"/> taken back because a refund of an earlier order lowered the level.</summary>
    public Points PointsCorrected { get; init; }

    /// <summary>When the order was refunded in full; null until then.</summary>
    public DateTimeOffset? RefundedAt { get; init; }
}
