using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Billing.Storage;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;

namespace Platform.Billing.Credits;

internal static class ListTransactions
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<Item> Items, TransactionId? Next);

    /// <param name="Amount">Credits, always positive; <c>kind</c> says in which direction.</param>
    /// <param name="Operation">The operation charged for; <c>start_credits</c> or <c>test_credits</c> for a grant.</param>
    /// <param name="Metadata">The JSON object sent with the deduction.</param>
    public sealed record Item(
        TransactionId Id, TransactionKind Kind, Money Amount, string Operation, JsonElement? Metadata, Money BalanceAfter, DateTimeOffset CreatedAt)
    {
        internal static readonly Item Example = new(
            new TransactionId(311),
            TransactionKind.Debit,
            new Money(5.50m),
            "Анализ ЭКГ",
            JsonSerializer.SerializeToElement(new { model = "anthropic/claude-opus-4.6", tokens = new { input = 1000, output = 500 } }),
            new Money(94.50m),
            new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero));
    }

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The caller's credit transactions, newest first")
        .WithDescription("Pass `next` from a page as `after` to get the following one.")
        .WithExample(request: null, new Response([Item.Example], Next: null));

    public static async Task<Ok<Response>> Handle(
        Caller caller, BillingDb db, CancellationToken ct, TransactionId? after = null, [Range(1, 100)] int limit = 50)
    {
        // A member of staff who is not a guest has no credits.
        if (caller.UserId is not { } userId)
        {
            return TypedResults.Ok(new Response([], null));
        }

        var page = await db.Transactions.NewestFirst(userId, after).Take(limit + 1).ToListAsync(ct);
        return TypedResults.Ok(new Response([.. page.Take(limit)], page.Count > limit ? page[limit - 1].Id : null));
    }

    public static IQueryable<Item> NewestFirst(this IQueryable<CreditTransaction> transactions, UserId userId, TransactionId? after)
    {
        transactions = transactions.Where(transaction => transaction.UserId == userId);
        if (after is { } last)
        {
            transactions = transactions.Where(transaction => EF.Functions.LessThan(ValueTuple.Create(transaction.Id), ValueTuple.Create(last)));
        }

        return transactions.OrderByDescending(transaction => transaction.Id).Select(transaction => new Item(
            transaction.Id, transaction.Kind, transaction.Amount, transaction.Operation, transaction.Metadata, transaction.BalanceAfter,
            transaction.CreatedAt));
    }
}
