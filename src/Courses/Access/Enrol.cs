using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Courses;
using Platform.Courses.Catalogue;
using Platform.Courses.Learners;
using Platform.Courses.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses.Access;

/// <summary>Gives the caller access to a free course.</summary>
internal static class Enrol
{
    /// <param name="ExpiresAt">When access expires; null when it does not.</param>
    public sealed record Response(CourseId CourseId, DateTimeOffset PurchasedAt, DateTimeOffset? ExpiresAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Enrols the caller in a free course")
        .WithExample(
            request: null,
            new Response(new CourseId(18), new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero), new DateTimeOffset(2026, 7, 14, 9, 30, 0, TimeSpan.Zero)))
        .Refuses(CoursesErrors.CourseNotFound, CoursesErrors.PaymentRequired, CoursesErrors.AlreadyEnrolled);

    public static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        CourseId id, Caller caller, CoursesDb db, CourseAccess courseAccess, TimeProvider clock, CancellationToken ct)
    {
        // Staff need not be registered as guests.
        if (caller.UserId is not { } userId)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        await using var transaction = await db.Join(ct);
        if (!await LearnerLock.TakeShared(db, userId, ct))
        {
            return Problems.For(PlatformErrors.Unauthenticated);
        }

        var now = clock.GetUtcNow();
        if (await db.LiveAccess(userId, now).AnyAsync(access => access.CourseId == id, ct))
        {
            return Problems.For(CoursesErrors.AlreadyEnrolled);
        }

        // The shared lock holds off price changes and withdrawal until this commits.
        var offered = await db.Rows<Course>($"where id = {id.Value} and is_active for share").AsNoTracking().ToListAsync(ct);
        if (offered is not [var course])
        {
            return Problems.For(CoursesErrors.CourseNotFound);
        }

        if (!course.IsFree)
        {
            return Problems.For(CoursesErrors.PaymentRequired, new Dictionary<string, object?> { ["price"] = course.Price });
        }

        if (await courseAccess.Grant(userId, course, AccessSource.Free, now, ct) is not { } granted)
        {
            return Problems.For(CoursesErrors.AlreadyEnrolled);
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Created((string?)null, new Response(id, granted.PurchasedAt, granted.ExpiresAt));
    }
}
