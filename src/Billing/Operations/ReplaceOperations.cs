using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Billing.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Billing.Operations;

/// <summary>Replaces the rate card. Past charges do not change.</summary>
internal static class ReplaceOperations
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Replaces the rate card")
        .WithDescription("The card is the whole list: an operation that is not on it is no longer priced.")
        .WithExample(RateCard.Example, RateCard.Example);

    public static async Task<Ok<RateCard>> Handle(RateCard card, Caller caller, BillingDb db, Audit audit, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // If two admins save at once, the later card replaces the earlier one as a whole. Deductions can still read the card.
        await db.Database.ExecuteSqlAsync($"lock table operations in share row exclusive mode", ct);
        var before = await RateCard.Read(db, ct);

        await db.Operations.ExecuteDeleteAsync(ct);
        db.Operations.AddRange(card.Operations.Select(line => new Operation
        {
            Name = line.Name, Price = line.Price, PricePer1000Tokens = line.PricePer1000Tokens,
        }));
        audit.Write(db, caller, "operations.replace", "operations", new { before = before.Operations, after = card.Operations });
        await db.SaveChangesAsync(ct);

        var after = await RateCard.Read(db, ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(after);
    }
}
