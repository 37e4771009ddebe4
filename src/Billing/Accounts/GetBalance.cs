using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Billing.Storage;
using Platform.Contracts;
using Platform.Contracts.Billing;
using Platform.ServiceDefaults.Web;

namespace Platform.Billing.Accounts;

internal static class GetBalance
{
    /// <param name="Success">Always true; a refusal is answered with a problem.</param>
    /// <param name="Balance">Credits left; negative when overdrawn.</param>
    /// <param name="TotalSpent">All credits ever spent.</param>
    public sealed record Response(bool Success, Money Balance, Money TotalSpent);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The caller's credits, and how many they have spent")
        .WithExample(request: null, new Response(Success: true, new Money(94.50m), new Money(5.50m)))
        .Refuses(BillingErrors.AccountOpening, BillingErrors.AccountNotFound);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Caller caller, BillingDb db, AccountOpening opening, CancellationToken ct)
    {
        if (caller.UserId is not { } userId)
        {
            return Problems.For(BillingErrors.AccountNotFound);
        }

        var account = await Read(db, userId, ct);
        if (account is null && await opening.Wait(userId, ct))
        {
            account = await Read(db, userId, ct);
        }

        return account switch
        {
            null => Problems.For(BillingErrors.AccountOpening),
            { Erased: true } => Problems.For(BillingErrors.AccountNotFound),
            _ => TypedResults.Ok(new Response(Success: true, account.Balance, account.TotalSpent)),
        };
    }

    private static Task<Account?> Read(BillingDb db, UserId userId, CancellationToken ct) => db.Balances
        .Where(account => account.UserId == userId)
        .Select(account => new Account(account.Balance, account.TotalSpent, account.ErasedAt != null))
        .SingleOrDefaultAsync(ct);

    private sealed record Account(Money Balance, Money TotalSpent, bool Erased);
}
