using Microsoft.EntityFrameworkCore;
using Platform.Billing.Storage;

namespace Platform.Billing.Plans;

/// <summary>Writes <see cref="Plan.All"/> to the table that subscriptions refer to. A step of each <c>migrate</c>.</summary>
internal static class UpsertPlans
{
    public static async Task Run(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<BillingDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        foreach (var plan in Plan.All)
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                insert into plans (key, rank, price, period_months, letters_per_period, iterations_per_letter)
                values ({plan.Key}, {plan.Rank}, {plan.Price.Roubles}, {plan.PeriodMonths}, {plan.LettersPerPeriod}, {plan.IterationsPerLetter})
                on conflict (key) do update set
                    rank = excluded.rank, price = excluded.price, period_months = excluded.period_months,
                    letters_per_period = excluded.letters_per_period, iterations_per_letter = excluded.iterations_per_letter
                """, ct);
        }

        await transaction.CommitAsync(ct);
    }
}
