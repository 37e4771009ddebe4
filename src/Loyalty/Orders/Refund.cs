using Platform.Contracts;

namespace Platform.Loyalty.Orders;

/// <summary>Money of an order given back, written once by <c>refund_order</c> together with its ledger entries, audit and event.</summary>
internal sealed class Refund
{
    public required RefundId Id { get; init; }

    public required OrderId OrderId { get; init; }

    public required UserId UserId { get; init; }

    public required StaffId StaffId { get; init; }

    /// <summary>Roubles given back by this refund, of what was paid after points.</summary>
    public required Money Amount { get; init; }

    /// <summary>Given back for the order so far, this refund included.</summary>
    public required Money RefundedTotal { get; init; }

    public required Points PointsTakenBack { get; init; }

    public required Points PointsReturned { get; init; }

    /// <summary>Points that later orders had earned by a level that this refund took away; null for a refund from before there were corrections.</summary>
    public Points? PointsCorrected { get; init; }

    public required Points BalanceAfter { get; init; }

    public required Points DebtAfter { get; init; }

    public required string LevelBefore { get; init; }

    public required string LevelAfter { get; init; }

    /// <summary>The caller's <c>Idempotency-Key</c>, unique per member of the staff; lives as long as the refund.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 of the order's id and the request that came with the key.</summary>
    public byte[]? RequestHash { get; init; }

    public required DateTimeOffset RefundedAt { get; init; }
}
