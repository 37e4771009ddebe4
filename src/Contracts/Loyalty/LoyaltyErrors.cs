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

    public static readonly ErrorCode QuoteUnknown = new("quote_unknown", 404,
        "There is no such quote. Preview the order again.");

    public static readonly ErrorCode QuoteExpired = new("quote_expired", 410,
        "This quote has expired. Preview the order again.");

    public static readonly ErrorCode QuoteMismatch = new("quote_mismatch", 422,
        "The quote is for another guest, amount or number of points. Preview the order again.");

    public static readonly ErrorCode PlacedAtInvalid = new("placed_at_invalid", 422,
        "An order may be sent up to 24 hours after it was placed, with an Idempotency-Key, and not before.");

    public static readonly ErrorCode ShopUnknown = new("shop_unknown", 422,
        "There is no such shop. Send the id of a shop in GET /api/loyalty/shops.");

    public static readonly ErrorCode ShopNotFound = new("shop_not_found", 404,
        "There is no such shop.");

    public static readonly ErrorCode ShopExists = new("shop_exists", 409,
        "There is already a shop with this id.");

    public static readonly ErrorCode ShopInactive = new("shop_inactive", 409,
        "This shop is closed for orders. Choose another.");

    public static readonly ErrorCode ShiftOpen = new("shift_open", 409,
        "You already have an open shift. Close it first.");

    public static readonly ErrorCode ShiftNotFound = new("shift_not_found", 404,
        "There is no such shift, or it is not yours.");

    public static readonly ErrorCode ShiftClosed = new("shift_closed", 409,
        "This shift is already closed.");

    public static readonly ErrorCode EntryNotFound = new("entry_not_found", 404,
        "There is no such entry of this account.");

    public static readonly ErrorCode GiftNotFound = new("gift_not_found", 404,
        "There is no such gift, or it is not yours.");

    public static readonly ErrorCode GiftRedeemed = new("gift_redeemed", 409,
        "This gift has already been redeemed.");

    public static readonly ErrorCode GiftExpired = new("gift_expired", 410,
        "This gift has expired.");

    public static readonly ErrorCode GiftRevoked = new("gift_revoked", 409,
        "This gift is no longer available.");

    public static readonly ErrorCode GiftOwn = new("gift_own", 403,
        "This is the caller's own account. Staff cannot serve themselves: a colleague can.");

    public static readonly ErrorCode AccountOwn = new("account_own", 403,
        "This is the caller's own account. Staff cannot change their own points: a colleague can.");

    public static readonly ErrorCode GuestNotFound = new("guest_not_found", 404,
        "There is no such guest. Check the number or ask for a payment code.");

    public static readonly ErrorCode ManualLimitReached = new("manual_limit_reached", 403,
        "That is above your limit for today. Ask a shift manager.");

    public static readonly ErrorCode RewardNotFound = new("reward_not_found", 404,
        "There is no such reward, or it is no longer offered.");

    public static readonly ErrorCode OutOfStock = new("out_of_stock", 409,
        "This reward has run out.");

    public static readonly ErrorCode CampaignNotFound = new("campaign_not_found", 404,
        "There is no such campaign.");

    public static readonly ErrorCode CampaignInvalid = new("campaign_invalid", 422,
        "A campaign has either a multiplier or bonus points, ends after it begins, and is for levels that exist.");

    public static readonly ErrorCode StampCardNotFound = new("stamp_card_not_found", 404,
        "There is no such stamp card.");

    public static readonly ErrorCode LevelsInvalid = new("levels_invalid", 422,
        "The first level starts at 0 points, and each next one higher and earning no less. Levels that guests have cannot be removed or change places.");

    public static readonly ErrorCode FeedbackNotFound = new("feedback_not_found", 404,
        "There is no such message.");

    public static readonly ErrorCode AlertNotFound = new("alert_not_found", 404,
        "There is no such alert.");

    public static readonly ErrorCode PeriodInvalid = new("period_invalid", 422,
        "The period ends before it begins.");
}
