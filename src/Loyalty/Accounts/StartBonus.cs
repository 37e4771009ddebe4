using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Storage;

namespace Platform.Loyalty.Accounts;

/// <summary>
/// Gives a new guest the start bonus of the settings, once: when their phone is verified, and unless another person had the same phone. What
/// the settings say later changes nothing for them.
/// </summary>
internal sealed class StartBonus(LoyaltyDb db, PointsChange points)
{
    public async Task Settle(UserId userId, CancellationToken ct)
    {
        var isVerified = await db.Set<GuestName>().AnyAsync(guest => guest.UserId == userId && guest.PhoneVerified == true && guest.ErasedAt == null, ct);
        if (!isVerified)
        {
            return;
        }

        var decided = await db.Database.SqlQuery<long>($"""
            update accounts set start_bonus = case when guest.phone_seen_before then 0 else settings.start_bonus end
            from guest_names guest, settings
            where accounts.user_id = {userId.Value} and guest.user_id = accounts.user_id and accounts.start_bonus is null
            returning accounts.start_bonus as "Value"
            """).ToListAsync(ct);
        foreach (var bonus in decided.Where(bonus => bonus > 0))
        {
            await points.Change(userId, new Points(bonus), EntryReason.Bonus, "start", new { rule = "bonus", kind = "start" }, ct);
        }
    }
}
