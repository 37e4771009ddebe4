using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Orders;

internal static class GetOrder
{
    /// <param name="Amount">Price before points.</param>
    /// <param name="ToPay">Amount left to pay after points.</param>
    /// <param name="PointsEarned">Including points that paid off a debt.</param>
    /// <param name="Balance">The guest's points right after this order.</param>
    /// <param name="Level">The guest's level right after this order.</param>
    /// <param name="RefundedAmount">The part of <paramref name="ToPay"/> refunded so far.</param>
    /// <param name="NoRefundBecause">
    /// Why a refund by the caller would be refused now: <c>gift_own</c>, <c>order_refunded</c>, <c>guest_erased</c> or
    /// <c>undo_window_over</c>; null if it would be accepted.
    /// </param>
    public sealed record Response(
        OrderId OrderId,
        Guest User,
        Money Amount,
        Money ToPay,
        Points PointsEarned,
        Points DebtPaid,
        Points PointsSpent,
        Points Balance,
        string Level,
        bool LevelUp,
        string? ShopId,
        DateTimeOffset PlacedAt,
        Money RefundedAmount,
        string? NoRefundBecause);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("An order, for the member of staff who placed it, for managers and for owners")
        .WithExample(request: null, new Response(
            new OrderId(17), Guest.Example, new Money(1250), new Money(1250), new Points(12), Points.Zero, Points.Zero, new Points(12),
            "standard", LevelUp: false, "main-street", new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero), Money.Zero, NoRefundBecause: null))
        .Refuses(LoyaltyErrors.OrderNotFound);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        OrderId id, Caller caller, LoyaltyDb db, IOptions<LoyaltyOptions> options, BusinessClock wall, TimeProvider clock, CancellationToken ct)
    {
        var seesAll = caller.StaffRole >= StaffRole.Manager;
        var found = await db.Set<Order>()
            .Where(order => order.Id == id && (seesAll || order.StaffId == caller.StaffId))
            .Select(order => new { Order = order, Guest = db.Set<GuestName>().SingleOrDefault(guest => guest.UserId == order.UserId) })
            .AsNoTracking()
            .SingleOrDefaultAsync(ct);
        if (found is null)
        {
            return Problems.For(LoyaltyErrors.OrderNotFound);
        }

        var order = found.Order;
        // Same order of checks as in refund_order.
        var refusal = order.UserId == caller.UserId ? LoyaltyErrors.GiftOwn
            : order.RefundedAt is not null ? LoyaltyErrors.OrderRefunded
            : found.Guest?.ErasedAt is not null ? LoyaltyErrors.GuestErased
            : !MayUndo() ? LoyaltyErrors.UndoWindowOver
            : null;
        return TypedResults.Ok(new Response(
            order.Id, Guest.Of(order.UserId, found.Guest?.FullName), order.Amount, order.Paid, order.PointsEarned, order.DebtPaid, order.PointsSpent,
            order.BalanceAfter, order.LevelAfter, order.LevelAfter != order.LevelBefore, order.ShopId, order.PlacedAt, order.RefundedAmount, refusal?.Code));

        bool MayUndo()
        {
            var (now, receivedAt) = (clock.GetUtcNow(), order.ReceivedAt ?? order.PlacedAt);
            return caller.StaffRole >= StaffRole.Owner
                || (seesAll && wall.DayOf(receivedAt) == wall.DayOf(now))
                || (order.StaffId == caller.StaffId && now <= receivedAt + options.Value.UndoWindow);
        }
    }
}
