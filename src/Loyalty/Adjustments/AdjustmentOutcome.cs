namespace Platform.Loyalty.Adjustments;

/// <summary>What <c>adjust_points</c> answers: the SQL type <c>adjustment_outcome</c>, member by member.</summary>
internal enum AdjustmentOutcome
{
    Adjusted,

    /// <summary>The points were adjusted by an earlier call with the same key.</summary>
    Repeated,

    IdempotencyKeyReused,

    AccountOwn,

    AccountNotFound,

    GuestErased,

    NotEnoughPoints,

    ManualLimitReached,
}
