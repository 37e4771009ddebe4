namespace Platform.Contracts.Letters;

/// <summary>What the letters service refuses, and why.</summary>
public static class LettersErrors
{
    public static readonly ErrorCode BillingUnavailable = new("billing_unavailable", 503,
        "What your plan allows cannot be asked for at the moment. Nothing was used up; try again in a few seconds.");
}
