using Microsoft.EntityFrameworkCore;
using Platform.Database.Jobs;
using Platform.Messaging;
using Platform.Users.People;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

/// <summary>
/// Puts down that premium is over, and tells of it once each. It was over at its moment already, for everybody who asks: this is for those
/// who wait for news.
/// </summary>
internal sealed class EndMemberships(UsersDb db, Outbox outbox, Announcements announcements, TimeProvider clock) : IJob
{
    /// <summary>In one transaction.</summary>
    private const int AtOnce = 200;

    public async Task Run(CancellationToken ct)
    {
        while (await EndSome(ct) == AtOnce)
        {
            db.ChangeTracker.Clear();
        }
    }

    private async Task<int> EndSome(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Whoever is just being changed is left for the next pass: a payment may be prolonging him.
        var due = await db
            .Rows<User>(
                $"""
                where membership_type = 'premium' and membership_expires <= {now}
                order by membership_expires limit {AtOnce} for update skip locked
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
            outbox.Add(Premium.Expired(user));
            await announcements.Updated(user, ct);
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return due.Count;
    }
}
