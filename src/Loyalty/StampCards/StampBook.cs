using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Gifts;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Settings;
using Platform.Loyalty.Storage;

namespace Platform.Loyalty.StampCards;

/// <summary>Keeps a guest's stamps and the gifts that they made in step with the orders.</summary>
/// <remarks>
/// It reads the order as it is now, so the events about it may arrive in any order. A card's free stamps are those of its orders minus those
/// that its gifts took. Enough of them make a gift; a refund that leaves fewer than none takes a gift back, unless it is redeemed.
/// </remarks>
internal sealed class StampBook(LoyaltyDb db, GiftIssue gifts, TimeProvider clock)
{
    public async Task Settle(UserId userId, OrderId orderId, CancellationToken ct)
    {
        var mayStamp = await db.Set<StampCard>().AnyAsync(card => card.Active, ct);
        if (!mayStamp && !await db.Set<Stamp>().AnyAsync(stamp => stamp.OrderId == orderId, ct))
        {
            return;
        }

        await db.Database.ExecuteSqlAsync($"select 1 from accounts where user_id = {userId.Value} for update", ct);
        var order = await db.Set<Order>().AsNoTracking().SingleAsync(order => order.Id == orderId, ct);
        var changed = order.RefundedAt is null ? await Stamp(order, ct) : await Unstamp(order, ct);
        foreach (var cardId in changed)
        {
            await SettleGifts(userId, await db.Set<StampCard>().AsNoTracking().SingleAsync(card => card.Id == cardId, ct), ct);
        }
    }

    private async Task<IReadOnlyList<StampCardId>> Stamp(Order order, CancellationToken ct)
    {
        var stamped = await db.Returning<Stamp>($"""
            insert into stamps (user_id, card_id, order_id, at)
            select {order.UserId.Value}, id, {order.Id.Value}, {order.PlacedAt} from stamp_cards where active and created_at <= {order.PlacedAt}
            on conflict do nothing
            """).AsNoTracking().ToListAsync(ct);
        return [.. stamped.Select(stamp => stamp.CardId)];
    }

    private async Task<IReadOnlyList<StampCardId>> Unstamp(Order order, CancellationToken ct)
    {
        var removed = await db.Returning<Stamp>($"delete from stamps where order_id = {order.Id.Value}").AsNoTracking().ToListAsync(ct);
        return [.. removed.Select(stamp => stamp.CardId)];
    }

    private async Task SettleGifts(UserId userId, StampCard card, CancellationToken ct)
    {
        var given = await db.Set<Gift>().Where(gift => gift.UserId == userId && gift.StampCardId == card.Id).OrderBy(gift => gift.Id).ToListAsync(ct);
        var stamps = await db.Set<Stamp>().CountAsync(stamp => stamp.UserId == userId && stamp.CardId == card.Id, ct);
        var free = stamps - given.Where(gift => gift.RevokedAt is null).Sum(gift => gift.Stamps!.Value);

        foreach (var gift in given.Where(gift => gift is { RevokedAt: null, RedeemedAt: null }).Reverse())
        {
            if (free >= 0)
            {
                break;
            }

            gift.Revoke(clock.GetUtcNow());
            free += gift.Stamps!.Value;
        }

        if (free >= card.StampsForGift)
        {
            var days = (await db.Set<LoyaltySettings>().AsNoTracking().SingleAsync(ct)).StampGiftDays;
            for (var number = given.Count + 1; free >= card.StampsForGift; number++, free -= card.StampsForGift)
            {
                await gifts.Give(
                    userId, card.Reward, GiftReason.Campaign, $"stamp:{card.Id}:{number}", days, ct, card.Id, card.StampsForGift);
            }
        }
    }
}
