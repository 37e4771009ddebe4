using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts.Billing;
using Platform.Contracts.Letters;
using Platform.ServiceDefaults.Web;

namespace Platform.Letters.Limits;

internal static class GetLimits
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("How many letters the caller's plan allows, and how many are left")
        .WithExample(request: null, new LetterQuota(
            "free", LettersPerPeriod: 3, Used: 1, Left: 2, IterationsPerLetter: 2, new DateTimeOffset(2026, 2, 15, 9, 30, 0, TimeSpan.Zero)))
        .Refuses(LettersErrors.BillingUnavailable, BillingErrors.AccountOpening, BillingErrors.AccountNotFound);

    public static async Task<Results<Ok<LetterQuota>, ProblemHttpResult>> Handle(Caller caller, BillingClient billing, CancellationToken ct)
    {
        // A member of staff who is not a guest has no plan.
        if (caller.UserId is not { } userId)
        {
            return Problems.For(BillingErrors.AccountNotFound);
        }

        var (quota, refusal) = await billing.GetQuota(userId, ct);
        return quota is null ? Problems.For(refusal!) : TypedResults.Ok(quota);
    }
}
