using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Alerts;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Accounts;

/// <summary>Everything that this service stores about the caller: a few thousand rows for a guest who has come daily for years.</summary>
internal static class ExportMyData
{
    /// <param name="FullName">Null until the registration event arrives, and for staff who are not guests.</param>
    /// <param name="Account">Null until the registration event arrives, and for staff who are not guests.</param>
    /// <param name="Orders">Oldest first.</param>
    /// <param name="Refunds">Oldest first.</param>
    /// <param name="Entries">Every change of the caller's points, oldest first.</param>
    /// <param name="Alerts">Alerts raised to admins about the caller's account, oldest first.</param>
    public sealed record Response(
        string? FullName,
        AccountView? Account,
        IReadOnlyList<Ordered> Orders,
        IReadOnlyList<Refunded> Refunds,
        IReadOnlyList<Entry> Entries,
        IReadOnlyList<Raised> Alerts);

    /// <param name="Amount">Price before points.</param>
    /// <param name="Paid">Amount left to pay after points.</param>
    /// <param name="RefundedAmount">The part of <paramref name="Paid"/> refunded so far.</param>
    public sealed record Ordered(
        OrderId Id, string? ShopId, Money Amount, Money Paid, Points PointsEarned, Points PointsSpent, Money RefundedAmount, DateTimeOffset PlacedAt);

    /// <param name="PointsCorrected">Points that later orders earned at a level which this refund took away.</param>
    public sealed record Refunded(
        RefundId Id, OrderId OrderId, Money Amount, Points PointsTakenBack, Points PointsReturned, Points? PointsCorrected, DateTimeOffset RefundedAt);

    /// <param name="Source">What caused it, such as <c>order:5</c>.</param>
    public sealed record Entry(Points Delta, Points BalanceAfter, string Source, DateTimeOffset CreatedAt);

    public sealed record Raised(AlertKind Kind, DateTimeOffset RaisedAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Everything that this service stores about the caller")
        .WithExample(request: null, new Response(
            "Анна Смирнова",
            AccountView.Example,
            [new(new OrderId(17), "central", new Money(1250), new Money(1250), new Points(12), Points.Zero, new Money(0), At)],
            Refunds: [],
            [new(new Points(12), new Points(12), "order:17", At)],
            Alerts: []));

    private static readonly DateTimeOffset At = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);

    public static async Task<Ok<Response>> Handle(Caller caller, LoyaltyDb db, BusinessClock wall, CancellationToken ct)
    {
        var userId = caller.UserId;
        return TypedResults.Ok(new Response(
            await db.Set<GuestName>().Where(guest => guest.UserId == userId).Select(guest => guest.FullName).SingleOrDefaultAsync(ct),
            userId is null ? null : await AccountView.Read(db, wall, userId.Value, ct),
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
                    refund.Id, refund.OrderId, refund.Amount, refund.PointsTakenBack, refund.PointsReturned, refund.PointsCorrected, refund.RefundedAt))
                .ToListAsync(ct),
            await db.Set<PointEntry>()
                .Where(entry => entry.UserId == userId)
                .OrderBy(entry => entry.Id)
                .Select(entry => new Entry(entry.Delta, entry.BalanceAfter, entry.SourceId, entry.CreatedAt))
                .ToListAsync(ct),
            await db.Set<Alert>()
                .Where(alert => alert.UserId == userId)
                .OrderBy(alert => alert.Id)
                .Select(alert => new Raised(alert.Kind, alert.RaisedAt))
                .ToListAsync(ct)));
    }
}
