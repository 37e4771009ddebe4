namespace Platform.Contracts.Loyalty;

/// <summary>Errors that the loyalty service returns.</summary>
public static class LoyaltyErrors
{
    public static readonly ErrorCode AccountOpening = new("account_opening", 503,
        "The account of this person is being opened. Try again in a second.");

    public static readonly ErrorCode AccountNotFound = new("account_not_found", 404,
        "There is no such account, or it is not yours.");

    public static readonly ErrorCode CodeUnknown = new("code_unknown", 404,
        "There is no such code. Ask the guest to read it again.");

    public static readonly ErrorCode CodeExpired = new("code_expired", 410,
        "This code has expired. Ask the guest for a new one.");

    public static readonly ErrorCode CodeReplaced = new("code_replaced", 410,
        "The guest has a newer code on their screen. Enter that one.");

    public static readonly ErrorCode CodeUsed = new("code_used", 409,
        "This code has already been used. Ask the guest for a new one.");

    public static readonly ErrorCode CodeOwn = new("code_own", 403,
        "This is the caller's own code. Staff cannot serve themselves: a colleague can.");

    public static readonly ErrorCode TooManyWrongCodes = new("too_many_wrong_codes", 429,
        "Too many unknown codes in a minute. Wait as long as Retry-After says, then ask the guest for a new code.");

    public static readonly ErrorCode TooManyCodes = new("too_many_codes", 429,
        "Too many codes in five minutes. Wait as long as Retry-After says; the last code is good until it expires.");

    public static readonly ErrorCode CodesExhausted = new("codes_exhausted", 503,
        "There is no free code at the moment. Try again after Retry-After seconds.");

    public static readonly ErrorCode AmountTooLarge = new("amount_too_large", 422,
        "The order is larger than this business allows: see max.");

    public static readonly ErrorCode NotEnoughPoints = new("not_enough_points", 409,
        "The guest has fewer points than that. Spend fewer or none.");

    public static readonly ErrorCode TooManyPointsForOrder = new("too_many_points_for_order", 422,
        "Points pay only a part of an order. Spend as many as maxPoints says, or fewer.");

    public static readonly ErrorCode OrderNotFound = new("order_not_found", 404,
        "There is no such order, or it is not yours.");

    public static readonly ErrorCode OrderRefunded = new("order_refunded", 409,
        "This order has already been refunded in full.");

    public static readonly ErrorCode RefundTooLarge = new("refund_too_large", 422,
        "That is more than is left of this order. Refund as much as left says, or less.");

    public static readonly ErrorCode GuestErased = new("guest_erased", 409,
        "The guest has erased their data, so nothing can be returned to them.");

    public static readonly ErrorCode UndoWindowOver = new("undo_window_over", 409,
        "Staff may refund an order only shortly after it was placed. Ask an admin to do it.");
}
