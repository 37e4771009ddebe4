using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Csv;

namespace Platform.Loyalty.Alerts;

internal static class ListAlerts
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<Item> Items, AlertId? Next);

    /// <param name="Kind">
    /// <c>codeOwn</c>: a member of staff entered their own payment code and was refused. <c>guestVelocity</c>: a guest earned points suspiciously
    /// often. <c>manualPoints</c>, <c>manualGifts</c>: a member of staff reached their daily limit of points or gifts given by hand.
    /// </param>
    /// <param name="StaffId">The member of staff who caused it; of <c>guestVelocity</c> the one who took the last order.</param>
    /// <param name="User">The owner of the account concerned.</param>
    /// <param name="SeenAt">When a manager marked it as seen; null until then.</param>
    public sealed record Item(
        AlertId Id, AlertKind Kind, StaffId StaffId, Guest User, DateTimeOffset RaisedAt, AlertDetails? Details, DateTimeOffset? SeenAt, StaffId? SeenBy)
    {
        internal static readonly Item Example = new(
            new AlertId(3), AlertKind.GuestVelocity, new StaffId(7), Guest.Example, new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero),
            new AlertDetails(Earnings: 4, new OrderId(17)), SeenAt: null, SeenBy: null);
    }

    public sealed record Row(
        AlertId Id,
        DateTimeOffset RaisedAt,
        AlertKind Kind,
        StaffId StaffId,
        UserId UserId,
        string? Name,
        long? Earnings,
        OrderId? OrderId,
        DateTimeOffset? SeenAt,
        StaffId? SeenBy);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Suspicious events at the counter, newest first")
        .WithDescription(
            "`unseen=true` leaves out what a manager has marked as seen. From and to are days of the business, inclusive, or instants. Pass `next` from a "
            + "page as `after` to get the following one. `format=csv` answers the whole list as a file.")
        .WithExample(request: null, new Response([Item.Example], Next: null));

    public static async Task<Results<Ok<Response>, CsvFile<Row>>> Handle(
        LoyaltyDb db,
        BusinessClock wall,
        IOptions<JsonOptions> json,
        CancellationToken ct,
        [OneOf("codeOwn", "guestVelocity", "manualPoints", "manualGifts")] string? kind = null,
        bool? unseen = null,
        StaffId? staffId = null,
        UserId? userId = null,
        PeriodEdge? from = null,
        PeriodEdge? to = null,
        AlertId? after = null,
        [Range(1, 100)] int limit = 50,
        [OneOf("json", "csv")] string? format = null)
    {
        var alerts = db.Set<Alert>().AsQueryable();
        if (kind is not null)
        {
            var wanted = Enum.Parse<AlertKind>(kind, ignoreCase: true);
            alerts = alerts.Where(alert => alert.Kind == wanted);
        }

        if (unseen is { } isUnseen)
        {
            alerts = isUnseen ? alerts.Where(alert => alert.SeenAt == null) : alerts.Where(alert => alert.SeenAt != null);
        }

        if (staffId is not null)
        {
            alerts = alerts.Where(alert => alert.StaffId == staffId);
        }

        if (userId is not null)
        {
            alerts = alerts.Where(alert => alert.UserId == userId);
        }

        if (from?.Start(wall) is { } start)
        {
            alerts = alerts.Where(alert => alert.RaisedAt >= start);
        }

        if (to?.End(wall) is { } end)
        {
            alerts = alerts.Where(alert => alert.RaisedAt < end);
        }

        if (format == "csv")
        {
            return new CsvFile<Row>("alerts.csv", Read(db, alerts, limit: null, json).Select(RowOf));
        }

        if (after is { } last)
        {
            alerts = alerts.Where(alert => EF.Functions.LessThan(ValueTuple.Create(alert.Id), ValueTuple.Create(last)));
        }

        var page = await Read(db, alerts, limit + 1, json).ToListAsync(ct);
        return TypedResults.Ok(new Response([.. page.Take(limit)], page.Count > limit ? page[limit - 1].Id : null));
    }

    /// <summary>Newest first.</summary>
    internal static IAsyncEnumerable<Item> Read(LoyaltyDb db, IQueryable<Alert> alerts, int? limit, IOptions<JsonOptions> json)
    {
        IQueryable<Alert> page = alerts.OrderByDescending(alert => alert.Id);
        return (limit is { } most ? page.Take(most) : page)
            .Select(alert => new
            {
                Alert = alert,
                Name = db.Set<GuestName>().Where(guest => guest.UserId == alert.UserId).Select(guest => guest.FullName).SingleOrDefault(),
            })
            .AsNoTracking()
            .AsAsyncEnumerable()
            .Select(row => new Item(
                row.Alert.Id, row.Alert.Kind, row.Alert.StaffId, Guest.Of(row.Alert.UserId, row.Name), row.Alert.RaisedAt,
                row.Alert.Details is null ? null : JsonSerializer.Deserialize<AlertDetails>(row.Alert.Details, json.Value.SerializerOptions),
                row.Alert.SeenAt, row.Alert.SeenBy));
    }

    private static Row RowOf(Item item) => new(
        item.Id, item.RaisedAt, item.Kind, item.StaffId, item.User.UserId, item.User.Name, item.Details?.Earnings, item.Details?.OrderId, item.SeenAt,
        item.SeenBy);
}
