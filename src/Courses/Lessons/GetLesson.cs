using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Courses;
using Platform.Courses.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses.Lessons;

/// <summary>Returns a lesson to learners with access to its course, to everyone when it is free, and to admins.</summary>
internal static class GetLesson
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("A lesson with the URLs of its video and its handout")
        .WithDescription("Requires access to the course unless the lesson is free. GET /api/courses/{id} lists the titles for everyone.")
        .WithExample(request: null, LessonView.Example)
        .Refuses(CoursesErrors.LessonNotFound, CoursesErrors.AccessRequired);

    public static async Task<Results<Ok<LessonView>, ProblemHttpResult>> Handle(
        LessonId id, Caller caller, CoursesDb db, TimeProvider clock, CancellationToken ct)
    {
        // No one has the id 0.
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
            ? TypedResults.Ok(LessonView.From(lesson, found.Progress?.Completed ?? false, found.Progress?.WatchTime ?? 0))
            : Problems.For(CoursesErrors.AccessRequired, new Dictionary<string, object?> { ["courseId"] = lesson.CourseId, ["price"] = found.Price });
    }
}
