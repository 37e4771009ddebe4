namespace Platform.Loyalty.Orders;

/// <summary>
/// What <c>look_up_code</c>, <c>price_order</c>, <c>quote_order</c> and <c>place_order</c> answer: the SQL type <c>counter_outcome</c>, member by member.
/// </summary>
internal enum CounterOutcome
{
    /// <summary>The code can be used.</summary>
    Live,

    /// <summary>The order could be placed.</summary>
    Priced,

    Placed,

    /// <summary>The order was placed by an earlier call with the same key.</summary>
    Repeated,

    IdempotencyKeyReused,

    CodeUnknown,

    CodeExpired,

    CodeReplaced,

    CodeUsed,

    CodeOwn,

    TooManyWrongCodes,

    AmountTooLarge,

    TooManyPointsForOrder,

    NotEnoughPoints,

    AccountNotFound,

    /// <summary>The account of the member of staff themselves.</summary>
    AccountOwn,

    QuoteUnknown,

    QuoteExpired,

    QuoteMismatch,

    /// <summary>It was placed too long ago.</summary>
    PlacedAtInvalid,

    ShopUnknown,
}
