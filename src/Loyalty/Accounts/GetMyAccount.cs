using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Accounts;

internal static class GetMyAccount
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The caller's points, level and distance to the next level")
        .WithExample(request: null, AccountView.Example)
        .Refuses(LoyaltyErrors.AccountOpening, LoyaltyErrors.AccountNotFound);

    public static async Task<Results<Ok<AccountView>, ProblemHttpResult>> Handle(
        Caller caller, LoyaltyDb db, BusinessClock wall, AccountOpening opening, CancellationToken ct)
    {
        if (caller.UserId is not { } userId)
        {
            return Problems.For(LoyaltyErrors.AccountNotFound);
        }

        var account = await AccountView.Read(db, wall, userId, ct);
        if (account is null && await opening.Wait(userId, ct))
        {
            account = await AccountView.Read(db, wall, userId, ct);
        }

        return account is null ? Problems.For(LoyaltyErrors.AccountOpening) : TypedResults.Ok(account);
    }
}
