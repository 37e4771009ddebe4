using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Database.Jobs;
using Platform.Messaging;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

/// <summary>Reminds members 7 days and 1 day before premium ends, unless the period was shorter. If both were missed, only the later is sent.</summary>
internal sealed class RemindOfExpiry(UsersDb db, Outbox outbox, TimeProvider clock) : IJob
{
    private static readonly int[] DaysBefore = [7, 1];

    private const int BatchSize = 500;

    public async Task Run(CancellationToken ct)
    {
        while (await RemindBatch(ct) == BatchSize)
        {
            db.ChangeTracker.Clear();
        }
    }

    private async Task<int> RemindBatch(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var due = await db.Database.SqlQuery<Due>(
            $"""
            with due as (
                select u.id, u.member_id, u.membership_expires, min(days) as reminder
                from users u
                    cross join unnest({DaysBefore}) days
                where u.membership_type = 'premium' and u.membership_expires > {now} and u.membership_expires <= {now + TimeSpan.FromDays(DaysBefore.Max())}
                    and u.membership_expires - days * interval '24 hours' <= {now}
                    and u.membership_expires - days * interval '24 hours' > (select max(granted_at) from membership_periods where user_id = u.id)
                group by u.id, u.member_id, u.membership_expires
                having not exists (
                    select from membership_reminders told
                    where told.user_id = u.id and told.membership_expires = u.membership_expires and told.reminder <= min(days))
                limit {BatchSize}),
            told as (
                insert into membership_reminders (user_id, membership_expires, reminder, reminded_at)
                select id, membership_expires, reminder, {now} from due
                on conflict do nothing
                returning user_id)
            select id as "UserId", member_id as "MemberId", membership_expires as "MembershipExpires", reminder as "Reminder" from due where id in (select user_id from told)
            """).ToListAsync(ct);
        if (due.Count == 0)
        {
            return 0;
        }

        foreach (var member in due)
        {
            outbox.Add(new MembershipExpiring
            {
                UserId = new UserId(member.UserId),
                MemberId = member.MemberId,
                ExpiresAt = member.MembershipExpires,
                Reminder = member.Reminder,
                DaysLeft = (int)Math.Ceiling((member.MembershipExpires - now).TotalDays),
            });
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return due.Count;
    }

    private sealed record Due(long UserId, string MemberId, DateTimeOffset MembershipExpires, int Reminder);
}
