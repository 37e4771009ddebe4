using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Courses;
using Platform.Courses.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses.Lessons;

/// <summary>Opens a lesson to whoever has access to its course, or to everybody when it is free. Admins open any.</summary>
internal static class GetLesson
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("A lesson with the addresses of its video and its sheet")
        .WithDescription("Open with access to its course, or to everybody when it is free; its title alone is also part of GET /api/courses/{id}.")
        .WithExample(request: null, LessonView.Example)
        .Refuses(CoursesErrors.LessonNotFound, CoursesErrors.AccessRequired);

    public static async Task<Results<Ok<LessonView>, ProblemHttpResult>> Handle(
        LessonId id, Caller caller, CoursesDb db, TimeProvider clock, CancellationToken ct)
    {
        // Nobody has the number 0.
        var userId = caller.UserId ?? default;
        var live = db.LiveAccess(userId, clock.GetUtcNow());
        var found = await db.Lessons.AsNoTracking()
            .Where(lesson => lesson.Id == id)
            .Join(db.Courses, lesson => lesson.CourseId, course => course.Id, (lesson, course) => new
            {
                Lesson = lesson,
                course.IsActive,
                course.Price,
                HasAccess = live.Any(access => access.CourseId == course.Id),
                HadAccess = db.UserCourses.Any(access => access.UserId == userId && access.CourseId == course.Id),
                Progress = db.Progress.FirstOrDefault(progress => progress.UserId == userId && progress.LessonId == lesson.Id),
            })
            .SingleOrDefaultAsync(ct);
        var isAdmin = caller.Role >= Role.Admin;
        if (found is null || !(found.IsActive || found.HadAccess || isAdmin))
        {
            return Problems.For(CoursesErrors.LessonNotFound);
        }

        var lesson = found.Lesson;
        return found.HasAccess || isAdmin || (lesson.IsFree && found.IsActive)
            ? TypedResults.Ok(LessonView.Of(lesson, found.Progress?.Completed ?? false, found.Progress?.WatchTime ?? 0))
            : Problems.For(CoursesErrors.AccessRequired, new Dictionary<string, object?> { ["courseId"] = lesson.CourseId, ["price"] = found.Price });
    }
}
