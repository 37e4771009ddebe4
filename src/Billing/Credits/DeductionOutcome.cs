namespace Platform.Billing.Credits;

/// <summary>What <c>deduct_credits</c> answers: the SQL type <c>deduction_outcome</c>, member by member.</summary>
internal enum DeductionOutcome
{
    Deducted,

    /// <summary>Deducted by an earlier call with the same key.</summary>
    Repeated,

    IdempotencyKeyReused,

    /// <summary>The registration event has not arrived yet.</summary>
    AccountOpening,

    /// <summary>The person was erased.</summary>
    AccountNotFound,

    OperationNotPriced,

    TokensRequired,

    PriceMismatch,

    InsufficientCredits,
}
