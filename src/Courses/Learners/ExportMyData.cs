using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Courses.Access;
using Platform.Courses.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses.Learners;

/// <summary>Everything that this service stores about the caller. Needs no paging: at most one row per lesson.</summary>
internal static class ExportMyData
{
    /// <param name="Learner">Null until their registration has reached this service.</param>
    /// <param name="Courses">Every period of access, oldest first.</param>
    /// <param name="Lessons">Lessons that they have started.</param>
    public sealed record Response(Person? Learner, IReadOnlyList<Period> Courses, IReadOnlyList<Begun> Lessons);

    public sealed record Person(UserId UserId, TelegramId? TelegramId, string FullName, string? City);

    /// <param name="Source">Why access was given.</param>
    public sealed record Period(
        CourseId CourseId,
        string Title,
        AccessSource Source,
        DateTimeOffset PurchasedAt,
        DateTimeOffset? ExpiresAt,
        DateTimeOffset? EndedAt,
        bool IsCompleted,
        DateTimeOffset? CompletedAt);

    /// <param name="WatchTime">Seconds.</param>
    public sealed record Begun(LessonId LessonId, CourseId CourseId, string Title, bool Completed, DateTimeOffset? CompletedAt, int WatchTime);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Everything that this service stores about the caller")
        .WithExample(request: null, new Response(
            new Person(new UserId(5), new TelegramId(1001), "Анна Смирнова", "Казань"),
            [new(new CourseId(17), "Маникюр с нуля", AccessSource.Free, At, ExpiresAt: null, EndedAt: null, IsCompleted: false, CompletedAt: null)],
            [new(new LessonId(101), new CourseId(17), "Инструменты и стерилизация", Completed: true, At.AddDays(1), WatchTime: 780)]));

    private static readonly DateTimeOffset At = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);

    public static async Task<Ok<Response>> Handle(Caller caller, CoursesDb db, CancellationToken ct)
    {
        // Staff may call it without being registered as guests.
        if (caller.UserId is not { } userId)
        {
            return TypedResults.Ok(new Response(null, [], []));
        }

        var person = await db.Learners
            .Where(learner => learner.UserId == userId)
            .Select(learner => new Person(learner.UserId, learner.TelegramId, learner.FullName, learner.City))
            .SingleOrDefaultAsync(ct);
        var periods = await db.UserCourses
            .Where(access => access.UserId == userId)
            .OrderBy(access => access.Id)
            .Join(db.Courses, access => access.CourseId, course => course.Id, (access, course) => new Period(
                course.Id, course.Title, access.Source, access.PurchasedAt, access.ExpiresAt, access.EndedAt, access.IsCompleted, access.CompletedAt))
            .ToListAsync(ct);
        var lessons = await db.Progress
            .Where(progress => progress.UserId == userId)
            .OrderBy(progress => progress.Id)
            .Join(db.Lessons, progress => progress.LessonId, lesson => lesson.Id, (progress, lesson) => new Begun(
                lesson.Id, lesson.CourseId, lesson.Title, progress.Completed, progress.CompletedAt, progress.WatchTime))
            .ToListAsync(ct);
        return TypedResults.Ok(new Response(person, periods, lessons));
    }
}
