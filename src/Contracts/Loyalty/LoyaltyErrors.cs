namespace Platform.Contracts.Loyalty;

/// <summary>What the loyalty service refuses, and why.</summary>
public static class LoyaltyErrors
{
    public static readonly ErrorCode AccountOpening = new("account_opening", 503,
        "The account of this person is being opened. Try again in a second.");

    public static readonly ErrorCode AccountNotFound = new("account_not_found", 404,
        "There is no such account, or it is not yours.");

    public static readonly ErrorCode CodeUnknown = new("code_unknown", 404,
        "There is no such code. Ask the guest to read it again.");

    public static readonly ErrorCode CodeExpired = new("code_expired", 410,
        "The code is older than 90 seconds, or the guest has made a newer one. Ask him for the new code.");

    public static readonly ErrorCode CodeUsed = new("code_used", 409,
        "This code has paid an order already. Ask the guest for a new code.");

    public static readonly ErrorCode TooManyWrongCodes = new("too_many_wrong_codes", 429,
        "Too many wrong codes in a minute. Wait as long as Retry-After says, then ask the guest for a new code.");

    public static readonly ErrorCode NotEnoughPoints = new("not_enough_points", 409,
        "The guest has fewer points than that. Spend fewer or none.");

    public static readonly ErrorCode TooManyPointsForOrder = new("too_many_points_for_order", 422,
        "Points pay only a part of an order. Spend as many as maxPoints says, or fewer.");

    public static readonly ErrorCode OrderNotFound = new("order_not_found", 404,
        "There is no such order, or it is not yours.");

    public static readonly ErrorCode OrderRefunded = new("order_refunded", 409,
        "All of this order was given back already.");

    public static readonly ErrorCode RefundTooLarge = new("refund_too_large", 422,
        "That is more than is left of this order. Refund as much as left says, or less.");

    public static readonly ErrorCode UndoWindowOver = new("undo_window_over", 409,
        "The staff may refund an order only shortly after it was placed. Ask an admin to do it.");
}
