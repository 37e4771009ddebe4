namespace Platform.Contracts.Billing;

/// <summary>Errors that the billing service returns.</summary>
public static class BillingErrors
{
    public static readonly ErrorCode AccountOpening = new("account_opening", 503,
        "The account of this person is being opened. Try again in a second.");

    public static readonly ErrorCode AccountNotFound = new("account_not_found", 404,
        "There is no such account, or it is not yours.");

    public static readonly ErrorCode InsufficientCredits = new("insufficient_credits", 402,
        "There are not enough credits for this. Top up by at least the shortfall, then try again.");

    public static readonly ErrorCode OperationNotPriced = new("operation_not_priced", 403,
        "The rate card has no fixed price for this operation, so only a service, a bot or an admin may charge it.");

    public static readonly ErrorCode PriceMismatch = new("price_mismatch", 422,
        "The amount differs from the price on the rate card: see price.");

    public static readonly ErrorCode TokensRequired = new("tokens_required", 422,
        "This operation is charged by tokens: send their number in metadata, as tokens.input and tokens.output.");
}
