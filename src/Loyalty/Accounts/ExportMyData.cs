using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Accounts;

/// <summary>Everything that this service holds of the caller: some thousands of rows for somebody who has come daily for years.</summary>
internal static class ExportMyData
{
    /// <param name="Account">Null while his registration is not known here yet, and for staff who are no guests.</param>
    /// <param name="Orders">The first first.</param>
    /// <param name="Refunds">The first first.</param>
    /// <param name="Entries">Every change of his points, the first first.</param>
    public sealed record Response(
        AccountView? Account, IReadOnlyList<Ordered> Orders, IReadOnlyList<Refunded> Refunds, IReadOnlyList<Entry> Entries);

    /// <param name="Amount">Price before points.</param>
    /// <param name="Paid">What was left to pay after points.</param>
    /// <param name="RefundedAmount">Given back so far, of <paramref name="Paid"/>.</param>
    public sealed record Ordered(
        OrderId Id, string? ShopId, Money Amount, Money Paid, Points PointsEarned, Points PointsSpent, Money RefundedAmount, DateTimeOffset PlacedAt);

    public sealed record Refunded(RefundId Id, OrderId OrderId, Money Amount, Points PointsTakenBack, Points PointsReturned, DateTimeOffset RefundedAt);

    /// <param name="Source">What caused it, such as <c>order:5</c>.</param>
    public sealed record Entry(Points Delta, Points BalanceAfter, string Source, DateTimeOffset CreatedAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Everything that is stored here of the caller")
        .WithExample(request: null, new Response(
            AccountView.Example,
            [new(new OrderId(17), "central", new Money(1250), new Money(1250), new Points(12), Points.Zero, new Money(0), At)],
            Refunds: [],
            [new(new Points(12), new Points(12), "order:17", At)]));

    private static readonly DateTimeOffset At = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);

    public static async Task<Ok<Response>> Handle(Caller caller, LoyaltyDb db, CancellationToken ct)
    {
        var userId = caller.UserId;
        return TypedResults.Ok(new Response(
            userId is null ? null : await AccountView.Read(db, userId.Value, ct),
            await db.Set<Order>()
                .Where(order => order.UserId == userId)
                .OrderBy(order => order.Id)
                .Select(order => new Ordered(
                    order.Id, order.ShopId, order.Amount, order.Paid, order.PointsEarned, order.PointsSpent, order.RefundedAmount, order.PlacedAt))
                .ToListAsync(ct),
            await db.Set<Refund>()
                .Where(refund => refund.UserId == userId)
                .OrderBy(refund => refund.Id)
                .Select(refund => new Refunded(
                    refund.Id, refund.OrderId, refund.Amount, refund.PointsTakenBack, refund.PointsReturned, refund.RefundedAt))
                .ToListAsync(ct),
            await db.Set<PointEntry>()
                .Where(entry => entry.UserId == userId)
                .OrderBy(entry => entry.Id)
                .Select(entry => new Entry(entry.Delta, entry.BalanceAfter, entry.SourceId, entry.CreatedAt))
                .ToListAsync(ct)));
    }
}
