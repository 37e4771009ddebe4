using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Billing.Accounts;
using Platform.Billing.Storage;
using Platform.Contracts;
using Platform.Contracts.Billing;
using Platform.ServiceDefaults.Web;

namespace Platform.Billing.Plans;

internal static class GetLetterQuota
{
    public static async Task<Results<Ok<LetterQuota>, ProblemHttpResult>> Handle(
        UserId userId, BillingDb db, AccountOpening opening, TimeProvider clock, CancellationToken ct)
    {
        var quota = await Read(db, userId, clock.GetUtcNow(), ct);
        if (quota is null && await opening.Wait(userId, ct))
        {
            quota = await Read(db, userId, clock.GetUtcNow(), ct);
            if (quota is null)
            {
                // A balance without a subscription belongs to an erased person.
                return Problems.For(BillingErrors.AccountNotFound);
            }
        }

        return quota is null ? Problems.For(BillingErrors.AccountOpening) : TypedResults.Ok(quota);
    }

    private static async Task<LetterQuota?> Read(BillingDb db, UserId userId, DateTimeOffset now, CancellationToken ct)
    {
        var held = await db.Subscriptions
            .Where(subscription => subscription.UserId == userId)
            .Join(db.Plans, subscription => subscription.Plan, plan => plan.Key, (subscription, plan) => new { Subscription = subscription, Plan = plan })
            .AsNoTracking()
            .SingleOrDefaultAsync(ct);
        if (held is null)
        {
            return null;
        }

        var (end, used) = held.Subscription.PeriodAt(now, held.Plan.PeriodMonths);
        return new LetterQuota(
            held.Plan.Key, held.Plan.LettersPerPeriod, used, Math.Max(0, held.Plan.LettersPerPeriod - used), held.Plan.IterationsPerLetter, end);
    }
}
