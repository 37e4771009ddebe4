using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Csv;

namespace Platform.Loyalty.Orders;

internal static class ListOrders
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<Item> Items, string? Next);

    /// <param name="Amount">Price before points.</param>
    /// <param name="Paid">Amount left to pay after points.</param>
    /// <param name="RefundedAmount">The part of <paramref name="Paid"/> refunded so far.</param>
    public sealed record Item(
        OrderId OrderId,
        Guest User,
        StaffId StaffId,
        string? ShopId,
        Money Amount,
        Money Paid,
        Points PointsEarned,
        Points PointsSpent,
        Money RefundedAmount,
        DateTimeOffset PlacedAt);

    public sealed record Row(
        OrderId OrderId,
        DateTimeOffset PlacedAt,
        UserId UserId,
        string? Name,
        StaffId StaffId,
        string? ShopId,
        Money Amount,
        Money Paid,
        Points PointsEarned,
        Points PointsSpent,
        Money RefundedAmount);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Orders, newest first")
        .WithDescription(
            "Baristas see the orders that they placed themselves, shift managers and owners all. From and to are days of the business, inclusive, "
            + "or instants. Pass `next` from a page as `after` to get the following one. `format=csv` answers the whole list as a file.")
        .WithExample(request: null, new Response(
            [
                new(new OrderId(17), Guest.Example, new StaffId(3), "main-street", new Money(1250), new Money(1250), new Points(12), Points.Zero,
                    Money.Zero, new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero)),
            ],
            Next: "1768469400000000-17"));

    public static async Task<Results<Ok<Response>, CsvFile<Row>>> Handle(
        Caller caller,
        LoyaltyDb db,
        BusinessClock wall,
        CancellationToken ct,
        PeriodEdge? from = null,
        PeriodEdge? to = null,
        [StringLength(64), PlainText] string? shopId = null,
        StaffId? staffId = null,
        UserId? userId = null,
        PageCursor? after = null,
        [Range(1, 100)] int limit = 50,
        [OneOf("json", "csv")] string? format = null)
    {
        var orders = db.Set<Order>().AsNoTracking().Within(from, to, shopId, wall);
        if (!(caller.StaffRole >= StaffRole.Manager))
        {
            var self = caller.StaffId;
            orders = orders.Where(order => order.StaffId == self);
        }

        if (staffId is not null)
        {
            orders = orders.Where(order => order.StaffId == staffId);
        }

        if (userId is not null)
        {
            orders = orders.Where(order => order.UserId == userId);
        }

        var found = orders
            .OrderByDescending(order => order.PlacedAt).ThenByDescending(order => order.Id)
            .Select(order => new
            {
                Order = order,
                Name = db.Set<GuestName>().Where(guest => guest.UserId == order.UserId).Select(guest => guest.FullName).SingleOrDefault(),
            });
        if (format == "csv")
        {
            return new CsvFile<Row>("orders.csv", found.AsAsyncEnumerable().Select(row => RowOf(ItemOf(row.Order, row.Name))));
        }

        if (after is { } cursor)
        {
            found = found.Where(row =>
                EF.Functions.LessThan(ValueTuple.Create(row.Order.PlacedAt, row.Order.Id), ValueTuple.Create(cursor.At, new OrderId(cursor.Id))));
        }

        var page = await found.Take(limit + 1).ToListAsync(ct);
        return TypedResults.Ok(new Response(
            [.. page.Take(limit).Select(row => ItemOf(row.Order, row.Name))],
            page.Count > limit ? new PageCursor(page[limit - 1].Order.PlacedAt, page[limit - 1].Order.Id.Value).ToString() : null));
    }

    private static Item ItemOf(Order order, string? fullName) => new(
        order.Id, Guest.Of(order.UserId, fullName), order.StaffId, order.ShopId, order.Amount, order.Paid, order.PointsEarned, order.PointsSpent,
        order.RefundedAmount, order.PlacedAt);

    private static Row RowOf(Item item) => new(
        item.OrderId, item.PlacedAt, item.User.UserId, item.User.Name, item.StaffId, item.ShopId, item.Amount, item.Paid, item.PointsEarned,
        item.PointsSpent, item.RefundedAmount);
}
