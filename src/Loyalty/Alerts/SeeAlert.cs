using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Alerts;

/// <summary>Marks an alert as seen. The first to do so stays named.</summary>
internal static class SeeAlert
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Marks an alert as seen")
        .WithExample(request: null, ListAlerts.Item.Example with { SeenAt = ListAlerts.Item.Example.RaisedAt.AddHours(1), SeenBy = new StaffId(3) })
        .Refuses(LoyaltyErrors.AlertNotFound);

    public static async Task<Results<Ok<ListAlerts.Item>, ProblemHttpResult>> Handle(
        AlertId id, Caller caller, LoyaltyDb db, Audit audit, IOptions<JsonOptions> json, TimeProvider clock, CancellationToken ct)
    {
        if (caller.StaffId is not { } staffId)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        await using var transaction = await db.Join(ct);
        if (await db.Rows<Alert>($"where id = {id.Value} for update").ToListAsync(ct) is not [var alert])
        {
            return Problems.For(LoyaltyErrors.AlertNotFound);
        }

        if (alert.SeenAt is null)
        {
            alert.See(staffId, clock.GetUtcNow());
            audit.Write(db, caller, "alert.see", $"alert:{id}");
            await db.SaveChangesAsync(ct);
        }

        var item = await ListAlerts.Read(db, db.Set<Alert>().Where(seen => seen.Id == id), limit: 1, json).SingleAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(item);
    }
}
