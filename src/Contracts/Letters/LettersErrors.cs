namespace Platform.Contracts.Letters;

/// <summary>Errors that the letters service returns.</summary>
public static class LettersErrors
{
    public static readonly ErrorCode BillingUnavailable = new("billing_unavailable", 503,
        "The limits of your plan are unavailable at the moment. Nothing was used up; try again in a few seconds.");
}
