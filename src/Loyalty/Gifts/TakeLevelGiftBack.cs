using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Levels;
using Platform.Loyalty.Storage;
using Platform.Messaging;

namespace Platform.Loyalty.Gifts;

/// <summary>Takes back the gifts of levels that a guest lost to a refund, unless they are redeemed.</summary>
internal sealed class TakeLevelGiftBack(LoyaltyDb db, TimeProvider clock) : IEventHandler<OrderRefunded>
{
    public async Task Handle(OrderRefunded happened, CancellationToken ct)
    {
        var userId = happened.UserId;
        await db.Database.ExecuteSqlAsync($"select 1 from accounts where user_id = {userId.Value} for update", ct);
        var lost = await db.Set<Level>()
            .Where(level => level.Rank > db.Levels.Single(held => held.Key == db.Accounts.Single(account => account.UserId == userId).Level).Rank)
            .Select(level => level.Key)
            .ToListAsync(ct);
        var sources = lost.ConvertAll(GiveLevelGift.SourceOf);
        var given = await db.Set<Gift>()
            .Where(gift => gift.UserId == userId && sources.Contains(gift.SourceId) && gift.RedeemedAt == null && gift.RevokedAt == null)
            .ToListAsync(ct);
        given.ForEach(gift => gift.Revoke(clock.GetUtcNow()));
    }
}
