using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;
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

        if (!prolonged && user.MembershipType == MembershipType.Premium)
        {
            // It is over, and nobody has put that down yet: who waits for the news hears of the end before the beginning.
            user.EndPremium(user.MembershipExpires!.Value, now);
            outbox.Add(Expired(user));
        }

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
    /// Takes back as much of what a payment has bought as of the payment was given back: of half the money, half of the time. What follows
    /// without a gap moves up by what of that was still to come, so premium ends that much earlier, and at once when less than that is left.
    /// </summary>
    /// <remarks>Time that was used is taken off nothing else: what was paid later is as long as it was, and of the used time nothing is billed.</remarks>
    /// <param name="share">Of the whole payment, 0 to 1; all that was given back of it so far.</param>
    public async Task TakeBack(User user, PaymentId paymentId, decimal share, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var periods = await db.MembershipPeriods
            .Where(period => period.UserId == user.Id)
            .OrderBy(period => period.ValidFrom).ThenBy(period => period.ValidUntil).ThenBy(period => period.Id)
            .ToListAsync(ct);
        if (periods.Find(period => period.PaymentId == paymentId) is not { } refunded)
        {
            return;
        }

        // To the second, in his favour.
        var more = TimeSpan.FromSeconds((long)(share * (decimal)refunded.Whole.TotalSeconds)) - refunded.TakenBack;
        if (more <= TimeSpan.Zero)
        {
            return;
        }

        var unused = refunded.UnusedAt(clock.GetUtcNow());
        var end = refunded.ValidUntil;
        refunded.TakeBack(more);
        foreach (var follower in periods.SkipWhile(period => period != refunded).Skip(1))
        {
            if (follower.ValidFrom != end)
            {
                break;
            }

            end = follower.ValidUntil;
            follower.MoveUp(more < unused ? more : unused);
        }

        await Shorten(user, endsAt: periods.Max(period => period.ValidUntil), ct);
    }

    /// <summary>To the end of the last of his periods.</summary>
    private async Task Shorten(User user, DateTimeOffset endsAt, CancellationToken ct)
    {
        if (endsAt == user.MembershipExpires)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var wasPremium = user.MembershipType == MembershipType.Premium;
        if (wasPremium && endsAt > now)
        {
            user.GoPremium(endsAt, now);
        }
        else
        {
            user.EndPremium(endsAt, now);
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
