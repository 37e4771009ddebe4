using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Courses;
using Platform.Courses.Catalogue;
using Platform.Courses.Storage;
using Platform.Messaging;

namespace Platform.Courses.Access;

/// <summary>The only place that starts access to a course, whatever the reason.</summary>
internal sealed class CourseAccess(CoursesDb db, Outbox outbox)
{
    /// <summary>Adds the period of access and its event; the caller saves.</summary>
    /// <returns>Null when the person already has live access.</returns>
    public async Task<UserCourse?> Grant(UserId userId, Course course, AccessSource source, DateTimeOffset now, CancellationToken ct)
    {
        var reason = source.ToString().ToLowerInvariant();
        // An expired period may still be open: close it first.
        await db.Database.ExecuteSqlAsync(
            $"""
            update user_courses set ended_at = expires_at
            where user_id = {userId.Value} and course_id = {course.Id.Value} and ended_at is null and expires_at <= {now}
            """, ct);
        var granted = await db.Returning<UserCourse>(
            $"""
            insert into user_courses (user_id, course_id, source, purchased_at, expires_at)
            values ({userId.Value}, {course.Id.Value}, {reason}, {now}, {course.AccessExpiresAt(now)})
            on conflict (user_id, course_id) where ended_at is null do nothing
            """).AsNoTracking().ToListAsync(ct);
        if (granted is not [var access])
        {
            return null;
        }

        outbox.Add(new CourseAccessGranted
        {
            AccessId = access.Id,
            UserId = userId,
            CourseId = course.Id,
            Title = course.Title,
            Source = reason,
            GrantedAt = access.PurchasedAt,
            ExpiresAt = access.ExpiresAt,
        });
        return access;
    }
}
