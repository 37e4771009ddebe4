using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Courses.Storage;

namespace Platform.Courses.Learners;

/// <summary>
/// Keeps a person's erasure and what is written for him apart: whichever comes second sees what the first has done. A row's
/// lock would not do, since he may be written for before there is a row of his.
/// </summary>
internal static class LearnerLock
{
    /// <summary>Until the transaction ends, he is not erased.</summary>
    /// <returns>False when he is erased already, so that nothing may be written for him.</returns>
    public static async Task<bool> Hold(CoursesDb db, UserId userId, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock_shared(hashtextextended('courses.learner', {userId.Value}))", ct);
        return !await db.Learners.AnyAsync(learner => learner.UserId == userId && learner.Erased, ct);
    }

    /// <summary>Until the transaction ends, nothing is written for him by others.</summary>
    public static Task HoldAlone(CoursesDb db, UserId userId, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('courses.learner', {userId.Value}))", ct);
}
