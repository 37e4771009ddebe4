using Microsoft.EntityFrameworkCore;
using Platform.Database.Jobs;
using Platform.Messaging;
using Platform.Users.People;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

/// <summary>Records the end of premium and publishes it, once, for consumers: queries already treat premium as ended from that instant.</summary>
internal sealed class ExpireMemberships(UsersDb db, Outbox outbox, UserUpdates updates, TimeProvider clock) : IJob
{
    private const int BatchSize = 200;

    public async Task Run(CancellationToken ct)
    {
        while (await ExpireBatch(ct) == BatchSize)
        {
            db.ChangeTracker.Clear();
        }
    }

    private async Task<int> ExpireBatch(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Skips people being changed right now, such as by a payment that extends premium: the next run sees them.
        var due = await db
            .Rows<User>(
                $"""
                where membership_type = 'premium' and membership_expires <= {now}
                order by membership_expires limit {BatchSize} for update skip locked
                """)
            .IgnoreQueryFilters()
            .ToListAsync(ct);
        if (due.Count == 0)
        {
            return 0;
        }

        foreach (var user in due)
        {
            user.EndPremium(user.MembershipExpires!.Value, now);
            outbox.Add(Premium.ToExpiredEvent(user));
            await updates.Publish(user, ct);
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return due.Count;
    }
}
