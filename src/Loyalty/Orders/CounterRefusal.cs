using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Orders;

/// <summary>Why a code or the points of an order are refused, as the SQL functions <c>look_up_code</c> and <c>price_order</c> tell it.</summary>
internal static class CounterRefusal
{
    /// <param name="retryAfter">Seconds until the member of the staff may enter codes again.</param>
    /// <param name="maxOrder">The largest order that is accepted.</param>
    public static ProblemHttpResult Of(string result, int retryAfter, long balance = 0, long maxPoints = 0, Money maxOrder = default) => result switch
    {
        "code_unknown" => Problems.For(LoyaltyErrors.CodeUnknown),
        "code_expired" => Problems.For(LoyaltyErrors.CodeExpired),
        "code_replaced" => Problems.For(LoyaltyErrors.CodeReplaced),
        "code_own" => Problems.For(LoyaltyErrors.CodeOwn),
        "code_used" => Problems.For(LoyaltyErrors.CodeUsed),
        "too_many_wrong_codes" => Problems.For(LoyaltyErrors.TooManyWrongCodes, retryAfter: TimeSpan.FromSeconds(retryAfter)),
        "not_enough_points" => Problems.For(LoyaltyErrors.NotEnoughPoints, new Dictionary<string, object?> { ["balance"] = balance }),
        "too_many_points_for_order" => Problems.For(LoyaltyErrors.TooManyPointsForOrder, new Dictionary<string, object?> { ["maxPoints"] = maxPoints }),
        "amount_too_large" => Problems.For(LoyaltyErrors.AmountTooLarge, new Dictionary<string, object?> { ["max"] = maxOrder }),
        _ => throw new UnreachableException($"The counter's SQL answered '{result}'."),
    };
}
