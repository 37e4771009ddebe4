namespace Platform.Loyalty.Codes;

/// <summary>What <c>give_payment_code</c> answers: the SQL type <c>code_outcome</c>, member by member.</summary>
internal enum CodeOutcome
{
    Given,

    /// <summary>The guest has no account yet.</summary>
    AccountOpening,

    AccountNotFound,

    TooManyCodes,

    CodesExhausted,
}
