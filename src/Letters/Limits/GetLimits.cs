using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts.Billing;
using Platform.Contracts.Letters;
using Platform.ServiceDefaults.Web;

namespace Platform.Letters.Limits;

internal static class GetLimits
{
    /// <param name="Plan">Key of the plan: <c>free</c>, <c>basic</c> or <c>pro</c>.</param>
    /// <param name="Used">Letters in this period.</param>
    /// <param name="Left">Letters that may still be written in this period.</param>
    /// <param name="IterationsPerLetter">How often one letter may be written anew.</param>
    /// <param name="RenewsAt">When the next period begins.</param>
    public sealed record Response(string Plan, int LettersPerPeriod, int Used, int Left, int IterationsPerLetter, DateTimeOffset RenewsAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("How many letters the caller's plan allows, and how many are left")
        .WithExample(request: null, new Response(
            "free", LettersPerPeriod: 3, Used: 1, Left: 2, IterationsPerLetter: 2, new DateTimeOffset(2026, 2, 15, 9, 30, 0, TimeSpan.Zero)))
        .Refuses(LettersErrors.BillingUnavailable, BillingErrors.AccountOpening, BillingErrors.AccountNotFound);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Caller caller, BillingClient billing, CancellationToken ct)
    {
        // A member of staff who is not a guest has no plan.
        if (caller.UserId is not { } userId)
        {
            return Problems.For(BillingErrors.AccountNotFound);
        }

        var (quota, refusal) = await billing.GetQuota(userId, ct);
        return quota is null
            ? Problems.For(refusal!)
            : TypedResults.Ok(new Response(
                quota.Plan, quota.LettersPerPeriod, quota.Used, quota.Left, quota.IterationsPerLetter, quota.RenewsAt));
    }
}
