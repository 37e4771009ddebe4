using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Levels;
using Platform.Loyalty.Settings;
using Platform.Loyalty.Storage;
using Platform.Messaging;
using Platform.ServiceDefaults.Time;

namespace Platform.Loyalty.Gifts;

/// <summary>
/// Gives the gift of a level that a guest reached, once per level. A guest who lost the level to a refund, and their gift with it, gets the
/// same gift back when they reach it again.
/// </summary>
internal sealed class GiveLevelGift(LoyaltyDb db, GiftIssue gifts, BusinessClock wall, TimeProvider clock) : IEventHandler<LevelChanged>
{
    public async Task Handle(LevelChanged happened, CancellationToken ct)
    {
        var userId = happened.UserId;
        await db.Database.ExecuteSqlAsync($"select 1 from accounts where user_id = {userId.Value} for update", ct);
        if (await db.Set<GuestName>().AnyAsync(guest => guest.UserId == userId && guest.ErasedAt != null, ct))
        {
            return;
        }

        var levels = await db.Set<Level>().AsNoTracking().ToListAsync(ct);
        var held = await db.Accounts.Where(account => account.UserId == userId).Select(account => account.Level).SingleAsync(ct);
        // Since then a refund may have taken the level away, or the owner removed it.
        if (levels.Find(level => level.Key == happened.To) is not { Gift: { } title } reached
            || levels.Find(level => level.Key == held) is not { } current || current.Rank < reached.Rank)
        {
            return;
        }

        var days = (await db.Set<LoyaltySettings>().AsNoTracking().SingleAsync(ct)).LevelGiftDays;
        var source = SourceOf(reached.Key);
        if (await db.Set<Gift>().SingleOrDefaultAsync(gift => gift.UserId == userId && gift.SourceId == source, ct) is not { } earlier)
        {
            await gifts.Give(userId, title, GiftReason.Level, source, days, ct);
        }
        else if (earlier.RevokedAt is not null)
        {
            earlier.Restore(GiftIssue.ValidUntil(wall, clock.GetUtcNow(), days));
        }
    }

    internal static string SourceOf(string level) => $"level:{level}";
}
