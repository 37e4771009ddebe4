using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.Courses.Storage;
using Platform.Messaging;

namespace Platform.Courses.Learners;

/// <summary>Blanks a person's details, deletes their progress and ends their access. The periods stay, since payments refer to them.</summary>
internal sealed class EraseLearner(CoursesDb db) : IEventHandler<UserErased>
{
    public async Task Handle(UserErased happened, CancellationToken ct)
    {
        var (userId, at) = (happened.UserId.Value, happened.ErasedAt.ToUniversalTime());
        await LearnerLock.TakeExclusive(db, happened.UserId, ct);
        // Inserts an unknown person too: their registration may arrive later.
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
