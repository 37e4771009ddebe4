using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Accounts;

internal static class GetAccount
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("A guest's points and level, for the guest and for staff")
        .WithExample(request: null, AccountView.Example)
        .Refuses(LoyaltyErrors.AccountNotFound);

    public static async Task<Results<Ok<AccountView>, ProblemHttpResult>> Handle(
        UserId userId, Caller caller, LoyaltyDb db, BusinessClock wall, CancellationToken ct)
    {
        var mayLook = caller.UserId == userId || caller.Role >= Role.Staff;
        return mayLook && await AccountView.Read(db, wall, userId, ct) is { } account
            ? TypedResults.Ok(account)
            : Problems.For(LoyaltyErrors.AccountNotFound);
    }
}
