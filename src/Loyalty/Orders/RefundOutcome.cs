namespace Platform.Loyalty.Orders;

/// <summary>What <c>refund_order</c> answers: the SQL type <c>refund_outcome</c>, member by member.</summary>
internal enum RefundOutcome
{
    Refunded,

    /// <summary>Refunded by an earlier call with the same key.</summary>
    Repeated,

    IdempotencyKeyReused,

    OrderNotFound,

    OrderRefunded,

    GuestErased,

    UndoWindowOver,

    RefundTooLarge,

    /// <summary>The order is of the member of staff themselves.</summary>
    AccountOwn,
}
