using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.Users.People;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

/// <summary>Grants premium and takes it back, and publishes the events. The caller locks the person first and saves afterwards.</summary>
internal sealed class Premium(UsersDb db, Outbox outbox, UserUpdates updates, MembershipCalendar calendar, TimeProvider clock)
{
    /// <summary>Starts now or at the end of current premium, whichever is later: no one loses time by paying early.</summary>
    public async Task Grant(User user, MembershipTerm term, MembershipSource source, PaymentId? paymentId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var extended = user.MembershipAt(now) == MembershipType.Premium;
        var from = extended ? user.MembershipExpires!.Value : now;
        var anchorDay = extended ? await AnchorDayOf(user, ct) : null;
        var (until, nextAnchorDay) = term.ComputeEnd(from, anchorDay, calendar);

        if (!extended && user.MembershipType == MembershipType.Premium)
        {
            // Premium has ended but is not recorded as ended yet: publish the end before the new start.
            user.EndPremium(user.MembershipExpires!.Value, now);
            outbox.Add(ToExpiredEvent(user));
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
            Prolonged = extended,
            ExpiresAt = until,
            ActivatedAt = now,
            Version = user.Version,
        });
        await updates.Publish(user, ct);
    }

    /// <summary>Takes back time in proportion to the refund. Periods that follow without a gap move earlier by the unused part of it.</summary>
    /// <remarks>Used time is not charged against other periods: later payments keep their full length.</remarks>
    /// <param name="share">Share of the payment refunded so far, 0 to 1.</param>
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

        // Rounded down to the second, in the member's favour.
        var more = TimeSpan.FromSeconds((long)(share * (decimal)refunded.FullLength.TotalSeconds)) - refunded.TakenBack;
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
            follower.MoveEarlier(more < unused ? more : unused);
        }

        await Shorten(user, endsAt: periods.Max(period => period.ValidUntil), ct);
    }

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
                outbox.Add(ToExpiredEvent(user));
            }
        }

        await updates.Publish(user, ct);
    }

    public static MembershipExpired ToExpiredEvent(User user) => new()
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
