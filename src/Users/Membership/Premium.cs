using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Messaging;
using Platform.Users.People;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

/// <summary>
/// Gives premium and takes it back, and tells the others. The caller has locked the person and saves afterwards.
/// </summary>
internal sealed class Premium(UsersDb db, Outbox outbox, Announcements announcements, MembershipCalendar calendar, TimeProvider clock)
{
    /// <summary>From the later of now and the end of what he has: nobody loses time by paying early.</summary>
    /// <param name="paymentId">For <see cref="MembershipSource.Payment"/>.</param>
    public async Task Give(User user, MembershipTerm term, MembershipSource source, PaymentId? paymentId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var prolonged = user.MembershipAt(now) == MembershipType.Premium;
        var from = prolonged ? user.MembershipExpires!.Value : now;
        var anchorDay = prolonged ? await AnchorDayOf(user, ct) : null;
        var (until, nextAnchorDay) = term.From(from, anchorDay, calendar);

        await MemberIds.Issue(db, user, now, ct);
        user.GoPremium(until, now);
        db.Add(new MembershipPeriod
        {
            UserId = user.Id,
            ValidFrom = from,
            ValidUntil = until,
            AnchorDay = nextAnchorDay,
            Source = source,
            PaymentId = paymentId,
            GrantedAt = now,
        });

        outbox.Add(new MembershipActivated
        {
            UserId = user.Id,
            MemberId = user.MemberId!.Value.ToString(),
            Prolonged = prolonged,
            ExpiresAt = until,
            ActivatedAt = now,
            Version = user.Version,
        });
        await announcements.Updated(user, ct);
    }

    /// <summary>
    /// Takes back as much of what a payment has bought as of the payment was given back: of half the money, half the time. What follows
    /// moves up, so premium ends that much earlier, and at once when less than that is left.
    /// </summary>
    /// <param name="share">Of the whole payment, 0 to 1; all that was given back of it so far.</param>
    public async Task TakeBack(User user, PaymentId paymentId, decimal share, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var period = await db.MembershipPeriods.AsNoTracking().SingleOrDefaultAsync(period => period.PaymentId == paymentId, ct);
        if (period is null)
        {
            return;
        }

        var whole = period.ValidUntil - period.ValidFrom + period.TakenBack;
        // To the second, in his favour.
        var takenBack = TimeSpan.FromSeconds((long)(share * (decimal)whole.TotalSeconds));
        var more = takenBack - period.TakenBack;
        if (more <= TimeSpan.Zero)
        {
            return;
        }

        await db.Database.ExecuteSqlAsync(
            $"""
            update membership_periods
            set valid_until = valid_until - {more},
                valid_from = case when id = {period.Id} then valid_from else valid_from - {more} end,
                taken_back = case when id = {period.Id} then {takenBack} else taken_back end,
                anchor_day = null
            where user_id = {user.Id.Value} and (id = {period.Id} or valid_from >= {period.ValidUntil})
            """, ct);
        await Shorten(user, ct);
    }

    /// <summary>To the end of the last of his periods.</summary>
    private async Task Shorten(User user, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var ends = await db.MembershipPeriods.Where(period => period.UserId == user.Id).MaxAsync(period => period.ValidUntil, ct);
        var wasPremium = user.MembershipType == MembershipType.Premium;
        if (wasPremium && ends > now)
        {
            user.GoPremium(ends, now);
        }
        else
        {
            user.EndPremium(ends, now);
            if (wasPremium)
            {
                outbox.Add(Expired(user));
            }
        }

        await announcements.Updated(user, ct);
    }

    /// <summary>What the others are told of an end.</summary>
    public static MembershipExpired Expired(User user) => new()
    {
        UserId = user.Id,
        MemberId = user.MemberId!.Value.ToString(),
        ExpiredAt = user.MembershipExpires!.Value,
        Version = user.Version,
    };

    private async Task<int?> AnchorDayOf(User user, CancellationToken ct) => await db.MembershipPeriods
        .Where(period => period.UserId == user.Id && period.ValidUntil == user.MembershipExpires)
        .OrderByDescending(period => period.Id)
        .Select(period => period.AnchorDay)
        .FirstOrDefaultAsync(ct);
}
