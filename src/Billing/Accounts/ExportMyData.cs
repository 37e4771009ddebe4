using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Billing.Credits;
using Platform.Billing.Storage;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;

namespace Platform.Billing.Accounts;

/// <summary>Everything that this service stores about the caller. The ledger may be long, so it is streamed.</summary>
internal static class ExportMyData
{
    /// <param name="Account">Null until the registration event arrives, and for staff who are not guests.</param>
    /// <param name="Transactions">All transactions, newest first.</param>
    public sealed record Response(Account? Account, Subscription? Subscription, IAsyncEnumerable<ListTransactions.Item> Transactions);

    public sealed record Account(
        UserId UserId, Money Balance, Money TotalSpent, bool IsTestAccount, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    public sealed record Subscription(string Plan, DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd, int LettersUsed);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Everything that this service stores about the caller")
        .WithExample(request: null, new
        {
            account = new Account(new UserId(5), new Money(94.50m), new Money(5.50m), IsTestAccount: false, At, At.AddDays(3)),
            subscription = new Subscription("free", At, At.AddMonths(1), LettersUsed: 0),
            transactions = new[] { ListTransactions.Item.Example },
        });

    private static readonly DateTimeOffset At = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);

    public static async Task<Ok<Response>> Handle(Caller caller, BillingDb db, CancellationToken ct)
    {
        // Nothing is stored about a member of staff who is not a guest.
        if (caller.UserId is not { } userId)
        {
            return TypedResults.Ok(new Response(null, null, AsyncEnumerable.Empty<ListTransactions.Item>()));
        }

        var account = await db.Balances
            .Where(balance => balance.UserId == userId && balance.ErasedAt == null)
            .Select(balance => new Account(
                balance.UserId, balance.Balance, balance.TotalSpent, balance.IsTestAccount, balance.CreatedAt, balance.UpdatedAt))
            .SingleOrDefaultAsync(ct);
        var subscription = await db.Subscriptions
            .Where(held => held.UserId == userId)
            .Select(held => new Subscription(held.Plan, held.PeriodStart, held.PeriodEnd, held.LettersUsed))
            .SingleOrDefaultAsync(ct);
        return TypedResults.Ok(new Response(account, subscription, db.Transactions.NewestFirst(userId, after: null).AsAsyncEnumerable()));
    }
}
