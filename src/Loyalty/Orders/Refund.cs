using Platform.Contracts;

namespace Platform.Loyalty.Orders;

/// <summary>A refund of all or part of an order, written once by <c>refund_order</c> with its ledger entries, audit row and event.</summary>
internal sealed class Refund
{
    public required RefundId Id { get; init; }

    public required OrderId OrderId { get; init; }

    public required UserId UserId { get; init; }

    public required StaffId StaffId { get; init; }

    /// <summary>Roubles refunded, out of what was paid after points.</summary>
    public required Money Amount { get; init; }

    /// <summary>Total refunded for the order so far, including this refund.</summary>
    public required Money RefundedTotal { get; init; }

    public required Points PointsTakenBack { get; init; }

    public required Points PointsReturned { get; init; }

    /// <summary>Points that later orders had earned at a level which this refund took away; null for refunds older than corrections.</summary>
    public Points? PointsCorrected { get; init; }

    public required Points BalanceAfter { get; init; }

    public required Points DebtAfter { get; init; }

    public required string LevelBefore { get; init; }

    public required string LevelAfter { get; init; }

    /// <summary>The caller's <c>Idempotency-Key</c>, unique per member of staff. Never expires.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 of the order id and the request sent with the key.</summary>
    public byte[]? RequestHash { get; init; }

    public required DateTimeOffset RefundedAt { get; init; }
}
