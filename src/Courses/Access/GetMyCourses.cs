using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Courses.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses.Access;

/// <summary>The courses that the caller has or had access to, each once, with their progress; latest first.</summary>
internal static class GetMyCourses
{
    /// <param name="Next">Pass it as <c>after</c> to get the next page; null on the last page.</param>
    public sealed record Response(IReadOnlyList<Item> Items, CourseAccessId? Next);

    /// <param name="Category">Slug of its category.</param>
    /// <param name="PurchasedAt">When access was last given.</param>
    /// <param name="ExpiresAt">When access expires or expired; null when it does not.</param>
    /// <param name="HasAccess">Whether access is live. Progress stays readable after it ends.</param>
    /// <param name="ProgressPercent">Completed lessons in whole per cent, rounded half up; 0 for a course without lessons.</param>
    public sealed record Item(
        CourseId CourseId,
        string Title,
        string Category,
        string? CoverImageUrl,
        DateTimeOffset PurchasedAt,
        DateTimeOffset? ExpiresAt,
        bool HasAccess,
        bool IsCompleted,
        int TotalLessons,
        int CompletedLessons,
        int ProgressPercent);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The courses that the caller has or had access to, with their progress, latest first")
        .WithDescription("Pass `next` from a page as `after` to get the following one.")
        .WithExample(request: null, new Response(
            [new(new CourseId(17), "Маникюр с нуля", "manicure", "https://media.example.com/covers/manicure.jpg",
                new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero), new DateTimeOffset(2026, 7, 14, 9, 30, 0, TimeSpan.Zero),
                HasAccess: true, IsCompleted: false, TotalLessons: 8, CompletedLessons: 2, ProgressPercent: 25)],
            Next: null));

    public static async Task<Ok<Response>> Handle(
        Caller caller, CoursesDb db, TimeProvider clock, CancellationToken ct, CourseAccessId? after = null, [Range(1, 100)] int limit = 50)
    {
        // Staff may call it without being registered as guests.
        if (caller.UserId is not { } userId)
        {
            return TypedResults.Ok(new Response([], null));
        }

        var page = await Read(db, userId, after?.Value ?? long.MaxValue, limit + 1, clock.GetUtcNow(), ct);
        var items = page.Take(limit).Select(row =>
        {
            var progress = CourseProgress.From(row.Completed, row.Total);
            return new Item(
                new CourseId(row.CourseId), row.Title, row.Category, row.CoverImageUrl, row.PurchasedAt, row.ExpiresAt, row.HasAccess, row.IsCompleted,
                progress.TotalLessons, progress.CompletedLessons, progress.ProgressPercent);
        });
        return TypedResults.Ok(new Response([.. items], page.Count > limit ? new CourseAccessId(page[limit - 1].AccessId) : null));
    }

    // Progress is read once from the learner's partition instead of lesson by lesson; lessons are counted for this page's courses only.
    private static Task<List<Row>> Read(CoursesDb db, UserId userId, long after, int limit, DateTimeOffset now, CancellationToken ct) =>
        db.Database.SqlQuery<Row>($"""
            select held.id as "AccessId", held.purchased_at as "PurchasedAt", held.expires_at as "ExpiresAt", held.has_access as "HasAccess",
                held.is_completed as "IsCompleted", c.id as "CourseId", c.title as "Title", c.category as "Category", c.cover_image_url as "CoverImageUrl",
                (select count(*)::int from lessons l where l.course_id = c.id) as "Total", coalesce(done.lessons, 0) as "Completed"
            from (
                select id, course_id, purchased_at, expires_at, has_access, is_completed from (
                    select distinct on (course_id) id, course_id, purchased_at, expires_at,
                        ended_at is null and (expires_at is null or expires_at > {now}) as has_access,
                        bool_or(is_completed) over (partition by course_id) as is_completed
                    from user_courses where user_id = {userId.Value}
                    order by course_id, id desc
                ) latest
                where id < {after}
                order by id desc limit {limit}
            ) held
            join courses c on c.id = held.course_id
            left join (
                select l.course_id, count(*)::int as lessons
                from user_progress p join lessons l on l.id = p.lesson_id
                where p.user_id = {userId.Value} and p.completed
                group by l.course_id
            ) done on done.course_id = held.course_id
            order by held.id desc
            """).ToListAsync(ct);

    private sealed record Row(
        long AccessId,
        DateTimeOffset PurchasedAt,
        DateTimeOffset? ExpiresAt,
        bool HasAccess,
        bool IsCompleted,
        long CourseId,
        string Title,
        string Category,
        string? CoverImageUrl,
        int Total,
        int Completed);
}
