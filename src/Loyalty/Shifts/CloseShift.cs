using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Shifts;

/// <summary>Closes a shift: the caller's own, or as a shift manager one that a colleague forgot to close.</summary>
internal static class CloseShift
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Closes a shift and gives its totals")
        .WithDescription("Shift managers and owners may close anyone's.")
        .WithExample(request: null, ShiftView.Example)
        .Refuses(LoyaltyErrors.ShiftNotFound, LoyaltyErrors.ShiftClosed);

    public static async Task<Results<Ok<ShiftView>, ProblemHttpResult>> Handle(
        ShiftId id, Caller caller, LoyaltyDb db, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Join(ct);
        if (await db.Rows<Shift>($"where id = {id.Value} for update").ToListAsync(ct) is not [var shift]
            || (shift.StaffId != caller.StaffId && !(caller.StaffRole >= StaffRole.Manager)))
        {
            return Problems.For(LoyaltyErrors.ShiftNotFound);
        }

        if (shift.ClosedAt is not null)
        {
            return Problems.For(LoyaltyErrors.ShiftClosed);
        }

        shift.Close(clock.GetUtcNow());
        audit.Write(db, caller, "shift.close", $"shift:{id}");
        await db.SaveChangesAsync(ct);
        // In this transaction: the totals end with the shift, which no other connection sees closed yet.
        var view = await ShiftView.Read(db, id, ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(view);
    }
}
