using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Billing.Storage;
using Platform.Contracts;
using Platform.Contracts.Billing;
using Platform.ServiceDefaults.Web;

namespace Platform.Billing.Accounts;

/// <summary>
/// Makes an account a test account, or an ordinary one again. The first time its start credits are topped up; they are not taken back.
/// </summary>
internal static class MarkTestAccount
{
    public sealed record Request(bool IsTestAccount);

    public sealed record Response(UserId UserId, bool IsTestAccount, Money Balance);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Makes an account a test account, or an ordinary one again")
        .WithDescription("A test account has start credits of 100.00 and may be charged for operations that are not on the rate card.")
        .WithExample(new Request(IsTestAccount: true), new Response(new UserId(5), IsTestAccount: true, new Money(100)))
        .Refuses(BillingErrors.AccountNotFound);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        UserId userId, Request request, Caller caller, BillingDb db, Audit audit, IOptions<BillingOptions> options, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var changed = await db.Database.SqlQuery<bool?>(
            $"""
            select mark_test_account({userId.Value}, {request.IsTestAccount}, {options.Value.TestCredits.Roubles}, {clock.GetUtcNow()}) as "Value"
            """).SingleAsync(ct);
        if (changed is null)
        {
            return Problems.For(BillingErrors.AccountNotFound);
        }

        if (changed is true)
        {
            audit.Write(db, caller, "account.mark", $"user:{userId}", new { isTestAccount = request.IsTestAccount });
            await db.SaveChangesAsync(ct);
        }

        var balance = await db.Balances.Where(account => account.UserId == userId).Select(account => account.Balance).SingleAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(new Response(userId, request.IsTestAccount, balance));
    }
}
