using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>For <c>resync</c>: publishes everyone's state; of erased people, only the erasure. Consumers that have that version ignore it.</summary>
internal static class PublishPeople
{
    private const int BatchSize = 500;

    public static async Task<long> Run(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<UsersDb>();
        var outbox = services.GetRequiredService<Outbox>();
        var published = 0L;
        var after = new UserId(0);
        while (true)
        {
            var people = await db.Rows<User>(
                $"where id > {after.Value} order by id limit {BatchSize}").IgnoreQueryFilters().AsNoTracking().ToListAsync(ct);
            if (people is not [.., var last])
            {
                return published;
            }

            var (from, to) = (people[0].Id.Value, last.Id.Value);
            var seenBefore = await db.Database.SqlQuery<long>(
                $"""
                select u.id as "Value" from users u join seen_phones s on s.phone = u.phone and s.user_id <> u.id and s.proven_at is not null
                where u.id between {from} and {to}
                """).ToHashSetAsync(ct);
            var referrals = await db
                .Rows<AcquisitionChannel>($"where user_id between {from} and {to} and referral_user_id is not null")
                .AsNoTracking()
                .ToListAsync(ct);
            foreach (var user in people)
            {
                if (user.ErasedAt is not null)
                {
                    outbox.Add(user.ToErasedEvent(telegramId: null));
                    continue;
                }

                var phoneSeenBefore = seenBefore.Contains(user.Id.Value);
                outbox.Add(user.ToRegisteredEvent(phoneSeenBefore));
                // Same version: consumers that store more than the registration contains get it from this one.
                outbox.Add(user.ToUpdatedEvent(phoneSeenBefore));
                if (user.BlockedAt is { } blockedAt)
                {
                    outbox.Add(new UserBlocked { UserId = user.Id, BlockedAt = blockedAt, Version = user.Version });
                }
            }

            foreach (var referral in referrals)
            {
                outbox.Add(new UserReferred { UserId = referral.UserId, ReferrerId = referral.ReferralUserId!.Value, ReferredAt = referral.CreatedAt });
            }

            await db.SaveChangesAsync(ct);
            db.ChangeTracker.Clear();
            published += people.Count;
            after = last.Id;
        }
    }
}
