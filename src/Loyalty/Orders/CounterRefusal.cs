using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Orders;

/// <summary>The problem of each outcome by which <c>look_up_code</c>, <c>quote_order</c> or <c>place_order</c> refuses a code or an order.</summary>
internal static class CounterRefusal
{
    /// <param name="retryAfter">Seconds until the member of the staff may enter codes again.</param>
    /// <param name="maxOrder">The largest order that is accepted.</param>
    public static ProblemHttpResult Of(
        CounterOutcome outcome, int retryAfter, long balance = 0, long maxPoints = 0, Money maxOrder = default) => outcome switch
    {
        CounterOutcome.CodeUnknown => Problems.For(LoyaltyErrors.CodeUnknown),
        CounterOutcome.CodeExpired => Problems.For(LoyaltyErrors.CodeExpired),
        CounterOutcome.CodeReplaced => Problems.For(LoyaltyErrors.CodeReplaced),
        CounterOutcome.CodeOwn => Problems.For(LoyaltyErrors.CodeOwn),
        CounterOutcome.CodeUsed => Problems.For(LoyaltyErrors.CodeUsed),
        CounterOutcome.TooManyWrongCodes => Problems.For(LoyaltyErrors.TooManyWrongCodes, retryAfter: TimeSpan.FromSeconds(retryAfter)),
        CounterOutcome.NotEnoughPoints => Problems.For(LoyaltyErrors.NotEnoughPoints, new Dictionary<string, object?> { ["balance"] = balance }),
        CounterOutcome.TooManyPointsForOrder =>
            Problems.For(LoyaltyErrors.TooManyPointsForOrder, new Dictionary<string, object?> { ["maxPoints"] = maxPoints }),
        CounterOutcome.AmountTooLarge => Problems.For(LoyaltyErrors.AmountTooLarge, new Dictionary<string, object?> { ["max"] = maxOrder }),
        CounterOutcome.AccountNotFound => Problems.For(LoyaltyErrors.AccountNotFound),
        CounterOutcome.AccountOwn => Problems.For(LoyaltyErrors.GiftOwn),
        CounterOutcome.QuoteUnknown => Problems.For(LoyaltyErrors.QuoteUnknown),
        CounterOutcome.QuoteExpired => Problems.For(LoyaltyErrors.QuoteExpired),
        CounterOutcome.QuoteMismatch => Problems.For(LoyaltyErrors.QuoteMismatch),
        CounterOutcome.PlacedAtInvalid => Problems.For(LoyaltyErrors.PlacedAtInvalid),
        CounterOutcome.ShopUnknown => Problems.For(LoyaltyErrors.ShopUnknown),
        _ => throw new UnreachableException($"{outcome} is no refusal."),
    };
}
