using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Courses.Storage;

namespace Platform.Courses.Learners;

/// <summary>Serializes a person's erasure with other writes about them. A row lock would not do: there may be no learner row yet.</summary>
internal static class LearnerLock
{
    /// <summary>Holds off the person's erasure until the transaction ends.</summary>
    /// <returns>False when they are already erased, so nothing may be written.</returns>
    public static async Task<bool> TakeShared(CoursesDb db, UserId userId, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock_shared(hashtextextended('courses.learner', {userId.Value}))", ct);
        return !await db.Learners.AnyAsync(learner => learner.UserId == userId && learner.Erased, ct);
    }

    /// <summary>Holds off other writes about the person until the transaction ends.</summary>
    public static Task TakeExclusive(CoursesDb db, UserId userId, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('courses.learner', {userId.Value}))", ct);
}
