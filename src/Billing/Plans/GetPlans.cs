using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Billing.Storage;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;

namespace Platform.Billing.Plans;

internal static class GetPlans
{
    public sealed record Response(IReadOnlyList<Item> Plans);

    /// <param name="Key"><c>free</c>, <c>basic</c> or <c>pro</c>.</param>
    /// <param name="Price">Roubles for one period.</param>
    /// <param name="IterationsPerLetter">How often a letter may be rewritten.</param>
    public sealed record Item(string Key, Money Price, int PeriodMonths, int LettersPerPeriod, int IterationsPerLetter)
    {
        internal static Item Of(Plan plan) => new(plan.Key, plan.Price, plan.PeriodMonths, plan.LettersPerPeriod, plan.IterationsPerLetter);
    }

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The subscription plans, from the smallest to the largest")
        .WithExample(request: null, new Response([.. Plan.All.Select(Item.Of)]));

    public static async Task<Ok<Response>> Handle(BillingDb db, CancellationToken ct) => TypedResults.Ok(new Response(await db.Plans
        .OrderBy(plan => plan.Rank)
        .Select(plan => new Item(plan.Key, plan.Price, plan.PeriodMonths, plan.LettersPerPeriod, plan.IterationsPerLetter))
        .ToListAsync(ct)));
}
