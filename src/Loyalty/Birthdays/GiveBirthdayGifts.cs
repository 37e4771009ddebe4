using Microsoft.EntityFrameworkCore;
using NodaTime;
using Platform.Database.Jobs;
using Platform.Loyalty.Gifts;
using Platform.Loyalty.Settings;
using Platform.Loyalty.Storage;
using Platform.Messaging;
using Platform.ServiceDefaults.Time;

namespace Platform.Loyalty.Birthdays;

/// <summary>
/// Gives each guest the birthday gift of the settings on their day in the time zone of the business, once a year. A day that fell into a
/// downtime is made up for within a week. Guests who joined after their birthday wait for the next one.
/// </summary>
internal sealed class GiveBirthdayGifts(LoyaltyDb db, Outbox outbox, BusinessClock wall, TimeProvider clock) : IJob
{
    private const int DaysLate = 7;

    /// <summary>
    /// At least from one birthday gift to the next: a year, less the days that the first may be late and the last of them. So a changed date
    /// of birth brings no second one.
    /// </summary>
    private const int DaysBetween = 365 - DaysLate - 1;

    /// <summary>Gifts per transaction.</summary>
    private const int BatchSize = 500;

    public async Task Run(CancellationToken ct)
    {
        while (await GiveBatch(ct) == BatchSize)
        {
            db.ChangeTracker.Clear();
        }
    }

    private async Task<int> GiveBatch(CancellationToken ct)
    {
        var settings = await db.Set<LoyaltySettings>().AsNoTracking().SingleAsync(ct);
        if (settings.BirthdayGift is not { } title)
        {
            return 0;
        }

        var now = clock.GetUtcNow();
        var birthdays = Birthday.UpTo(wall.DayOf(now), DaysLate).ToList();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var given = await db.Returning<Gift>(
            $"""
            insert into gifts (user_id, title, reason, source_id, issued_at, expires_at)
            select guest.user_id, {title}, 'birthday', 'birthday:' || birthday.year, {now}, {GiftIssue.ValidUntil(wall, now, settings.BirthdayGiftDays)}
            from unnest(
                    {birthdays.Select(birthday => birthday.Month).ToArray()}, {birthdays.Select(birthday => birthday.Day).ToArray()},
                    {birthdays.Select(birthday => birthday.On.Year).ToArray()}, {birthdays.Select(birthday => EndOf(birthday.On)).ToArray()})
                    as birthday (month, day, year, ends_at)
                join guest_names guest on extract(month from guest.birth_date) = birthday.month and extract(day from guest.birth_date) = birthday.day
                join accounts account on account.user_id = guest.user_id and account.opened_at < birthday.ends_at
            where guest.birth_date is not null and guest.erased_at is null and not exists (
                select from gifts earlier
                where earlier.user_id = guest.user_id and earlier.source_id like 'birthday:%' and earlier.issued_at > {now.AddDays(-DaysBetween)})
            limit {BatchSize}
            on conflict (user_id, source_id) do nothing
            """).AsNoTracking().ToListAsync(ct);
        foreach (var gift in given)
        {
            outbox.Add(GiftIssue.EventOf(gift));
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return given.Count;
    }

    private DateTimeOffset EndOf(DateOnly day) => wall.At(LocalDate.FromDateOnly(day).PlusDays(1).AtMidnight());
}
