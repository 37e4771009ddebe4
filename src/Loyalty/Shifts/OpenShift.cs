using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Shops;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Shifts;

/// <summary>Opens the caller's shift: until it is closed, their orders belong to its shop.</summary>
internal static class OpenShift
{
    public sealed record Request([Required, StringLength(64, MinimumLength = 1), PlainText] string ShopId);

    public sealed record Response(ShiftId ShiftId, string ShopId, string ShopName, DateTimeOffset OpenedAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Opens the caller's shift in a shop")
        .WithDescription("A member of the staff has one open shift at most. `shift_open` names it in `shiftId` and `shopId`.")
        .WithExample(
            new Request("main-street"),
            new Response(ShiftView.Example.ShiftId, ShiftView.Example.ShopId, ShiftView.Example.ShopName, ShiftView.Example.OpenedAt))
        .Refuses(LoyaltyErrors.ShopUnknown, LoyaltyErrors.ShopInactive, LoyaltyErrors.ShiftOpen);

    public static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        Request request, Caller caller, LoyaltyDb db, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        if (caller.StaffId is not { } staffId)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        await using var transaction = await db.Join(ct);
        await db.Database.ExecuteSqlAsync($"select lock_staff({staffId.Value})", ct);
        if (await db.Rows<Shop>($"where id = {request.ShopId} for share").AsNoTracking().ToListAsync(ct) is not [var shop])
        {
            return Problems.For(LoyaltyErrors.ShopUnknown);
        }

        if (!shop.Active)
        {
            return Problems.For(LoyaltyErrors.ShopInactive);
        }

        if (await Open(db, staffId).AsNoTracking().SingleOrDefaultAsync(ct) is { } open)
        {
            return Problems.For(LoyaltyErrors.ShiftOpen, new Dictionary<string, object?> { ["shiftId"] = open.Id, ["shopId"] = open.ShopId });
        }

        var shift = new Shift { StaffId = staffId, ShopId = shop.Id, OpenedAt = clock.GetUtcNow() };
        db.Add(shift);
        await db.SaveChangesAsync(ct);
        audit.Write(db, caller, "shift.open", $"shift:{shift.Id}", new { shift.ShopId });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Created((string?)null, new Response(shift.Id, shop.Id, shop.Name, shift.OpenedAt));
    }

    internal static IQueryable<Shift> Open(LoyaltyDb db, StaffId staffId) =>
        db.Set<Shift>().Where(shift => shift.StaffId == staffId && shift.ClosedAt == null);
}
