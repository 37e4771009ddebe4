using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Storage;

namespace Platform.Loyalty.Accounts;

/// <summary>When the points of an entry expire that are left of it.</summary>
/// <param name="IsFixed">Whether they expire then even if the guest orders before.</param>
internal sealed record EntryExpiry(long EntryId, DateTimeOffset At, bool IsFixed)
{
    /// <summary>By entry, from the first to the last. Entries whose points are used up or never expire are left out.</summary>
    public static async Task<Dictionary<long, EntryExpiry>> Of(LoyaltyDb db, UserId? userId, long first, long last, CancellationToken ct) =>
        await db.Database.SqlQuery<EntryExpiry>($"""
            select lot.entry_id as "EntryId", expiry.at as "At", lot.expires_at is not null as "IsFixed"
            from accounts account join point_lots lot using (user_id), settings,
                lot_expires_at(lot.earned_at, lot.expires_at, account.last_order_at, settings.points_expire_after_months) as expiry (at)
            where user_id = {userId?.Value} and lot.points_left > 0 and lot.entry_id between {first} and {last} and expiry.at is not null
            """).ToDictionaryAsync(expiry => expiry.EntryId, ct);
}
