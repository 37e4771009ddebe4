using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Csv;

namespace Platform.Loyalty.Orders;

/// <summary>A guest's orders, for the guest and for staff.</summary>
internal static class ListGuestOrders
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<Item> Items, OrderId? Next);

    /// <param name="Amount">Price before points.</param>
    /// <param name="Paid">Amount left to pay after points.</param>
    /// <param name="RefundedAmount">The part of <paramref name="Paid"/> refunded so far.</param>
    public sealed record Item(
        OrderId OrderId,
        string? ShopId,
        Money Amount,
        Money Paid,
        Points PointsEarned,
        Points PointsSpent,
        Money RefundedAmount,
        DateTimeOffset PlacedAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("A guest's orders, newest first")
        .WithDescription(
            "From and to are days of the business, inclusive, or instants. Pass `next` from a page as `after` to get the following one. "
            + "`format=csv` answers the whole list as a file.")
        .WithExample(request: null, new Response(
            [
                new(new OrderId(17), "main-street", new Money(1250), new Money(1250), new Points(12), Points.Zero, Money.Zero,
                    new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero)),
            ],
            Next: null));

    public static Task<Results<Ok<Response>, CsvFile<Item>, ProblemHttpResult>> Mine(
        Caller caller,
        LoyaltyDb db,
        BusinessClock wall,
        CancellationToken ct,
        PeriodEdge? from = null,
        PeriodEdge? to = null,
        [StringLength(64), PlainText] string? shopId = null,
        OrderId? after = null,
        [Range(1, 100)] int limit = 50,
        [OneOf("json", "csv")] string? format = null) =>
        // A member of staff who is not a guest has no orders.
        Read(caller.UserId, db, wall, from, to, shopId, after, limit, format, ct);

    public static async Task<Results<Ok<Response>, CsvFile<Item>, ProblemHttpResult>> Handle(
        UserId userId,
        Caller caller,
        LoyaltyDb db,
        BusinessClock wall,
        CancellationToken ct,
        PeriodEdge? from = null,
        PeriodEdge? to = null,
        [StringLength(64), PlainText] string? shopId = null,
        OrderId? after = null,
        [Range(1, 100)] int limit = 50,
        [OneOf("json", "csv")] string? format = null) =>
        await AccountAccess.MayRead(db, caller, userId, ct)
            ? await Read(userId, db, wall, from, to, shopId, after, limit, format, ct)
            : Problems.For(LoyaltyErrors.AccountNotFound);

    private static async Task<Results<Ok<Response>, CsvFile<Item>, ProblemHttpResult>> Read(
        UserId? userId, LoyaltyDb db, BusinessClock wall, PeriodEdge? from, PeriodEdge? to, string? shopId, OrderId? after, int limit, string? format,
        CancellationToken ct)
    {
        var orders = db.Set<Order>().Where(order => order.UserId == userId).Within(from, to, shopId, wall);
        if (after is { } last && format != "csv")
        {
            orders = orders.Where(order => EF.Functions.LessThan(ValueTuple.Create(order.Id), ValueTuple.Create(last)));
        }

        var found = orders.OrderByDescending(order => order.Id).Select(order => new Item(
            order.Id, order.ShopId, order.Amount, order.Paid, order.PointsEarned, order.PointsSpent, order.RefundedAmount, order.PlacedAt));
        if (format == "csv")
        {
            return new CsvFile<Item>("orders.csv", found.AsAsyncEnumerable());
        }

        var page = await found.Take(limit + 1).ToListAsync(ct);
        return TypedResults.Ok(new Response([.. page.Take(limit)], page.Count > limit ? page[limit - 1].OrderId : null));
    }
}
