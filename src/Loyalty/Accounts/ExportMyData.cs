using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Adjustments;
using Platform.Loyalty.Alerts;
using Platform.Loyalty.Feedback;
using Platform.Loyalty.Gifts;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Referrals;
using Platform.Loyalty.StampCards;
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
    /// <param name="Adjustments">Points that staff added or took by hand, oldest first.</param>
    /// <param name="Alerts">Alerts raised to managers about the caller's account, oldest first.</param>
    /// <param name="Copies">What this service copied from the profile, beside the name.</param>
    /// <param name="Gifts">Oldest first.</param>
    /// <param name="Stamps">Orders counted on stamp cards, oldest first.</param>
    /// <param name="InvitedBy">That another guest invited the caller; null if none did.</param>
    /// <param name="Invited">Guests whom the caller invited, without their ids, oldest first.</param>
    /// <param name="Feedback">The caller's reviews, ideas and messages with the replies, oldest first.</param>
    public sealed record Response(
        string? FullName,
        AccountView? Account,
        IReadOnlyList<Ordered> Orders,
        IReadOnlyList<Refunded> Refunds,
        IReadOnlyList<Entry> Entries,
        IReadOnlyList<Adjusted> Adjustments,
        IReadOnlyList<Raised> Alerts,
        ProfileCopies? Copies,
        IReadOnlyList<Given> Gifts,
        IReadOnlyList<Stamped> Stamps,
        Invitation? InvitedBy,
        IReadOnlyList<Invitation> Invited,
        IReadOnlyList<Written> Feedback);

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

    /// <param name="Reason">In the words of the member of staff.</param>
    public sealed record Adjusted(Points Points, string? Reason, DateTimeOffset AdjustedAt);

    public sealed record Raised(AlertKind Kind, DateTimeOffset RaisedAt);

    /// <param name="Replies">Oldest first.</param>
    public sealed record Written(
        FeedbackKind Kind, int? Rating, string? Text, string? ShopId, OrderId? OrderId, DateTimeOffset CreatedAt, IReadOnlyList<Replied> Replies);

    public sealed record Replied(string? Text, DateTimeOffset At);

    public sealed record ProfileCopies(string? MemberId, string? PhoneLast4, DateOnly? BirthDate, bool? PhoneVerified, bool? PhoneSeenBefore);

    /// <param name="Note">What the member of staff who gave it wrote about it.</param>
    /// <param name="Cost">Points that the caller paid for it.</param>
    /// <param name="OrderId">The order that it was redeemed with.</param>
    /// <param name="RevokedAt">When it was taken back.</param>
    public sealed record Given(
        GiftId Id,
        string Title,
        GiftReason Reason,
        string? Note,
        Points? Cost,
        DateTimeOffset IssuedAt,
        DateTimeOffset? ExpiresAt,
        DateTimeOffset? RedeemedAt,
        OrderId? OrderId,
        DateTimeOffset? RevokedAt);

    public sealed record Stamped(StampCardId StampCardId, OrderId OrderId, DateTimeOffset At);

    /// <param name="Bonus">Points that each of the two got; null until it is decided.</param>
    public sealed record Invitation(DateTimeOffset ReferredAt, DateTimeOffset? RewardedAt, Points? Bonus);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Everything that this service stores about the caller")
        .WithExample(request: null, new Response(
            "Анна Смирнова",
            AccountView.Example,
            [new(new OrderId(17), "central", new Money(1250), new Money(1250), new Points(12), Points.Zero, new Money(0), At)],
            Refunds: [],
            [new(new Points(12), new Points(12), "order:17", At)],
            Adjustments: [],
            Alerts: [],
            new("MNT-7KQ2M9X7", "4567", new DateOnly(1990, 5, 10), PhoneVerified: true, PhoneSeenBefore: false),
            [
                new(
                    new GiftId(31), "Напиток на выбор", GiftReason.Birthday, Note: null, Cost: null, At, At.AddDays(14), RedeemedAt: null, OrderId: null,
                    RevokedAt: null),
            ],
            [new(new StampCardId(2), new OrderId(17), At)],
            new Invitation(At, At, new Points(50)),
            Invited: [],
            [new(FeedbackKind.Review, 9, "Кофе отличный", "central", new OrderId(17), At, Replies: [])]));

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
            await db.Set<Adjustment>()
                .Where(adjustment => adjustment.UserId == userId)
                .OrderBy(adjustment => adjustment.Id)
                .Select(adjustment => new Adjusted(adjustment.Points, adjustment.Reason, adjustment.AdjustedAt))
                .ToListAsync(ct),
            await db.Set<Alert>()
                .Where(alert => alert.UserId == userId)
                .OrderBy(alert => alert.Id)
                .Select(alert => new Raised(alert.Kind, alert.RaisedAt))
                .ToListAsync(ct),
            await db.Set<GuestName>()
                .Where(guest => guest.UserId == userId)
                .Select(guest => new ProfileCopies(guest.MemberId, guest.PhoneLast4, guest.BirthDate, guest.PhoneVerified, guest.PhoneSeenBefore))
                .SingleOrDefaultAsync(ct),
            await db.Set<Gift>()
                .Where(gift => gift.UserId == userId)
                .OrderBy(gift => gift.Id)
                .Select(gift => new Given(
                    gift.Id, gift.Title, gift.Reason, gift.Note, gift.Cost, gift.IssuedAt, gift.ExpiresAt, gift.RedeemedAt, gift.OrderId, gift.RevokedAt))
                .ToListAsync(ct),
            await db.Set<Stamp>()
                .Where(stamp => stamp.UserId == userId)
                .OrderBy(stamp => stamp.OrderId)
                .Select(stamp => new Stamped(stamp.CardId, stamp.OrderId, stamp.At))
                .ToListAsync(ct),
            await db.Set<Referral>()
                .Where(referral => referral.UserId == userId)
                .Select(referral => new Invitation(referral.ReferredAt, referral.RewardedAt, referral.Bonus))
                .SingleOrDefaultAsync(ct),
            await db.Set<Referral>()
                .Where(referral => referral.ReferrerId == userId)
                .OrderBy(referral => referral.ReferredAt)
                .Select(referral => new Invitation(referral.ReferredAt, referral.RewardedAt, referral.Bonus))
                .ToListAsync(ct),
            await db.Set<FeedbackEntry>()
                .Where(entry => entry.UserId == userId)
                .OrderBy(entry => entry.Id)
                .Select(entry => new Written(
                    entry.Kind, entry.Rating, entry.Text, entry.ShopId, entry.OrderId, entry.CreatedAt,
                    db.Set<Reply>().Where(reply => reply.FeedbackId == entry.Id).OrderBy(reply => reply.Id)
                        .Select(reply => new Replied(reply.Text, reply.At)).ToList()))
                .ToListAsync(ct)));
    }
}
