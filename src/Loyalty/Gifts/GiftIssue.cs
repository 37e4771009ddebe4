using Microsoft.EntityFrameworkCore;
using NodaTime;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Database;
using Platform.Loyalty.Storage;
using Platform.Messaging;
using Platform.ServiceDefaults.Time;

namespace Platform.Loyalty.Gifts;

/// <summary>Gives the gifts that are due by a rule: for a birthday, a level, a full stamp card.</summary>
internal sealed class GiftIssue(LoyaltyDb db, Outbox outbox, BusinessClock wall, TimeProvider clock)
{
    /// <summary>Gives a gift and publishes it, unless the guest had one from this source before or is erased. Call it in a transaction.</summary>
    /// <param name="days">How many days it is valid.</param>
    public async Task Give(
        UserId userId, string title, GiftReason reason, string sourceId, int days, CancellationToken ct, StampCardId? card = null, int? stamps = null)
    {
        var now = clock.GetUtcNow();
        var given = await db.Returning<Gift>($"""
            insert into gifts (user_id, title, reason, source_id, stamp_card_id, stamps, issued_at, expires_at)
            select {userId.Value}, {title}, {EnumText.Of(reason)}, {sourceId}, {card?.Value}::bigint, {stamps}::int, {now}, {ValidUntil(wall, now, days)}
            where not exists (select from guest_names where user_id = {userId.Value} and erased_at is not null)
            on conflict (user_id, source_id) do nothing
            """).AsNoTracking().ToListAsync(ct);
        foreach (var gift in given)
        {
            outbox.Add(EventOf(gift));
        }
    }

    /// <summary>The last second of the day, in the time zone of the business, that is this many days after today.</summary>
    public static DateTimeOffset ValidUntil(BusinessClock wall, DateTimeOffset now, int days) =>
        wall.At(LocalDate.FromDateOnly(wall.DayOf(now)).PlusDays(days + 1).AtMidnight()).AddSeconds(-1);

    public static GiftIssued EventOf(Gift gift) => new()
    {
        GiftId = gift.Id,
        UserId = gift.UserId,
        Title = gift.Title,
        Reason = EnumText.Of(gift.Reason),
        ExpiresAt = gift.ExpiresAt,
        IssuedAt = gift.IssuedAt,
    };
}
