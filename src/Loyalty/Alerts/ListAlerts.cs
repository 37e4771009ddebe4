using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Alerts;

internal static class ListAlerts
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<Item> Items, AlertId? Next);

    /// <param name="Kind"><c>codeOwn</c>: a member of staff entered their own payment code and was refused. <c>manualGifts</c>:
    /// they gave more gifts in a day than the settings allow, or tried to.</param>
    /// <param name="StaffId">The member of staff who caused it.</param>
    /// <param name="User">The owner of the account concerned.</param>
    public sealed record Item(AlertId Id, AlertKind Kind, StaffId StaffId, Guest User, DateTimeOffset RaisedAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Suspicious events at the counter, newest first")
        .WithDescription("Pass `next` from a page as `after` to get the following one.")
        .WithExample(request: null, new Response(
            [new(new AlertId(3), AlertKind.CodeOwn, new StaffId(7), Guest.Example, new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero))], Next: null));

    public static async Task<Ok<Response>> Handle(LoyaltyDb db, CancellationToken ct, AlertId? after = null, [Range(1, 100)] int limit = 50)
    {
        var alerts = db.Set<Alert>().AsQueryable();
        if (after is { } last)
        {
            alerts = alerts.Where(alert => EF.Functions.LessThan(ValueTuple.Create(alert.Id), ValueTuple.Create(last)));
        }

        var page = await alerts
            .OrderByDescending(alert => alert.Id)
            .Take(limit + 1)
            .Select(alert => new
            {
                Alert = alert,
                Name = db.Set<GuestName>().Where(guest => guest.UserId == alert.UserId).Select(guest => guest.FullName).SingleOrDefault(),
            })
            .AsNoTracking()
            .ToListAsync(ct);
        var items = page.Take(limit)
            .Select(row => new Item(row.Alert.Id, row.Alert.Kind, row.Alert.StaffId, Guest.Of(row.Alert.UserId, row.Name), row.Alert.RaisedAt))
            .ToList();
        return TypedResults.Ok(new Response(items, page.Count > limit ? items[^1].Id : null));
    }
}
