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

    /// <summary>What was left to pay after points.</summary>
    public required Money Paid { get; init; }

    public required Points PointsEarned { get; init; }

    public required Points PointsSpent { get; init; }

    /// <summary>Those of the points earned that paid a debt and are not in the balance.</summary>
    public Points DebtPaid { get; init; }

    public required Points BalanceAfter { get; init; }

    public required string LevelBefore { get; init; }

    public required string LevelAfter { get; init; }

    /// <summary>What a point cost when this order earned: <see cref="LoyaltyOptions.RoublesPerPoint"/> at that time.</summary>
    public required Money RoublesPerPoint { get; init; }

    /// <summary>The caller's <c>Idempotency-Key</c>, unique per member of the staff; lives as long as the order.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 of the request that came with the key.</summary>
    public byte[]? RequestHash { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>Given back so far, of <see cref="Paid"/>.</summary>
    public Money RefundedAmount { get; init; }

    /// <summary>Of <see cref="PointsEarned"/>.</summary>
    public Points PointsTakenBack { get; init; }

    /// <summary>Of <see cref="PointsSpent"/>.</summary>
    public Points PointsReturned { get; init; }

    /// <summary>What it earns by the level that is left after refunds of earlier orders; null for all of <see cref="PointsEarned"/>.</summary>
    public Points? PointsDue { get; init; }

    /// <summary>Of <see cref="PointsEarned"/>, those that went because the level by which they were earned was gone.</summary>
    public Points PointsCorrected { get; init; }

    /// <summary>When the last of it was given back; null while anything is left.</summary>
    public DateTimeOffset? RefundedAt { get; init; }
}
