using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.Courses.Storage;
using Platform.Messaging;

namespace Platform.Courses.Learners;

/// <summary>
/// Forgets a person: his name, city and Telegram id are blanked, what he learnt is deleted, his access ends. That somebody
/// had access stays, under a number that leads to nobody: payments must still find what they paid for.
/// </summary>
internal sealed class EraseLearner(CoursesDb db) : IHandle<UserErased>
{
    public async Task Handle(UserErased happened, CancellationToken ct)
    {
        var (userId, at) = (happened.UserId.Value, happened.ErasedAt.ToUniversalTime());
        await LearnerLock.HoldAlone(db, happened.UserId, ct);
        // Also of a person who was never heard of: his registration may come later.
        await db.Database.ExecuteSqlAsync($"""
            insert into learners as known (user_id, full_name, version, erased) values ({userId}, '', {happened.Version}, true)
            on conflict (user_id) do update
            set telegram_id = null, full_name = '', city = null, version = greatest(known.version, excluded.version), erased = true
            """, ct);
        await db.Database.ExecuteSqlAsync($"delete from user_progress where user_id = {userId}", ct);
        await db.Database.ExecuteSqlAsync(
            $"update user_courses set ended_at = least(expires_at, greatest(purchased_at, {at})) where user_id = {userId} and ended_at is null", ct);
    }
}
