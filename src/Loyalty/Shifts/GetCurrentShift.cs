using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Shifts;

internal static class GetCurrentShift
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The caller's open shift with its totals so far")
        .WithExample(request: null, ShiftView.Example with { ClosedAt = null })
        .Refuses(LoyaltyErrors.ShiftNotFound);

    public static async Task<Results<Ok<ShiftView>, ProblemHttpResult>> Handle(Caller caller, LoyaltyDb db, CancellationToken ct) =>
        caller.StaffId is { } staffId && await OpenShift.Open(db, staffId).AsNoTracking().SingleOrDefaultAsync(ct) is { } shift
            ? TypedResults.Ok(await ShiftView.Read(db, shift.Id, ct))
            : Problems.For(LoyaltyErrors.ShiftNotFound);
}
