namespace Platform.Loyalty.Gifts;

/// <summary>What <c>issue_gift</c> answers: the SQL type <c>gift_outcome</c>, member by member.</summary>
internal enum GiftOutcome
{
    Issued,

    /// <summary>The gift was issued by an earlier call with the same key.</summary>
    Repeated,

    IdempotencyKeyReused,

    /// <summary>See the outcome of the code.</summary>
    CodeRefused,

    GuestNotFound,

    GiftOwn,

    ManualLimitReached,
}
