using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Settings;
using Platform.Loyalty.Storage;

namespace Platform.Loyalty.Referrals;

/// <summary>Gives both sides of a referral their bonus, once, when the guest who was invited has paid for an order.</summary>
/// <remarks>It reads how things are now, so the events that it follows may arrive in any order.</remarks>
internal sealed class ReferralBonus(LoyaltyDb db, PointsChange points, TimeProvider clock)
{
    public async Task Settle(UserId userId, CancellationToken ct)
    {
        var known = await db.Set<Referral>().AsNoTracking().SingleOrDefaultAsync(referral => referral.UserId == userId, ct);
        if (known is not { RewardedAt: null })
        {
            return;
        }

        // Always in the same order, so that two referrals among the same people do not wait for each other.
        UserId[] both = [.. new[] { known.UserId, known.ReferrerId }.OrderBy(id => id.Value)];
        foreach (var id in both)
        {
            await db.Database.ExecuteSqlAsync($"select 1 from accounts where user_id = {id.Value} for update", ct);
        }

        var order = await db.Set<Order>().AsNoTracking()
            .Where(order => order.UserId == userId && order.Paid > Money.Zero && order.RefundedAt == null)
            .OrderBy(order => order.Id)
            .FirstOrDefaultAsync(ct);
        var copies = await db.Set<GuestName>().AsNoTracking().Where(copy => both.Contains(copy.UserId)).ToDictionaryAsync(copy => copy.UserId, ct);
        // The registration of the one who invited may arrive later; it settles the referral then.
        if (order is null || !copies.TryGetValue(known.ReferrerId, out var referrer))
        {
            return;
        }

        var referral = await db.Set<Referral>().SingleAsync(referral => referral.UserId == userId, ct);
        if (referral.RewardedAt is not null)
        {
            return;
        }

        var settings = await db.Set<LoyaltySettings>().AsNoTracking().SingleAsync(ct);
        var bonus = IsSamePerson(copies.GetValueOrDefault(userId), referrer) ? Points.Zero : settings.ReferralBonus;
        referral.Reward(bonus, clock.GetUtcNow());
        if (bonus > Points.Zero)
        {
            foreach (var id in both)
            {
                // An erased guest gets nothing, the other still does.
                await points.Change(id, bonus, EntryReason.Referral, $"referral:{userId}", Why(referral, id, order.Id), ct);
            }
        }
    }

    private static object Why(Referral referral, UserId whose, OrderId orderId) => new
    {
        rule = "referral",
        kind = whose == referral.UserId ? "invited" : "inviter",
        userId = (whose == referral.UserId ? referral.ReferrerId : referral.UserId).Value,
        orderId = orderId.Value,
    };

    /// <summary>Settles what waited for this guest, who invited others.</summary>
    public async Task SettleThoseInvitedBy(UserId referrerId, CancellationToken ct)
    {
        var waiting = await db.Set<Referral>()
            .Where(referral => referral.ReferrerId == referrerId && referral.RewardedAt == null)
            .Select(referral => referral.UserId)
            .ToListAsync(ct);
        foreach (var userId in waiting)
        {
            await Settle(userId, ct);
        }
    }

    /// <summary>Whether someone may have invited themselves: with a phone that was a guest's before, or with the phone of the other.</summary>
    private static bool IsSamePerson(GuestName? invited, GuestName referrer) =>
        invited is null || invited.PhoneSeenBefore == true || (referrer.PhoneSeenBefore == true && invited.PhoneLast4 == referrer.PhoneLast4);
}
