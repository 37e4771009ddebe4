using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Courses;
using Platform.Courses.Catalogue;
using Platform.Courses.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses.Lessons;

/// <summary>Reorders the lessons of a course.</summary>
internal static class OrderLessons
{
    /// <param name="LessonIds">Every lesson of the course, each once, in the new order.</param>
    public sealed record Request([Required, MinLength(1), MaxLength(Lesson.MaxPerCourse)] IReadOnlyList<LessonId> LessonIds);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Reorders the lessons of a course")
        .WithExample(
            new Request([.. CourseView.Example.Lessons.Reverse().Select(lesson => lesson.Id)]),
            CourseView.Example with { Lessons = [.. CourseView.Example.Lessons.Reverse().Select((lesson, index) => lesson with { Order = index + 1 })] })
        .Refuses(CoursesErrors.CourseNotFound, CoursesErrors.LessonsDiffer);

    public static async Task<Results<Ok<CourseView>, ProblemHttpResult>> Handle(
        CourseId id, Request request, Caller caller, CoursesDb db, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Join(ct);
        if (await db.LockCourse(id, ct) is null)
        {
            return Problems.For(CoursesErrors.CourseNotFound);
        }

        var before = await db.Lessons.Where(lesson => lesson.CourseId == id).OrderBy(lesson => lesson.Order).Select(lesson => lesson.Id).ToListAsync(ct);
        if (before.Count != request.LessonIds.Count || !before.ToHashSet().SetEquals(request.LessonIds))
        {
            return Problems.For(CoursesErrors.LessonsDiffer);
        }

        var ordered = request.LessonIds.Select(lesson => lesson.Value).ToArray();
        await db.Database.ExecuteSqlAsync(
            $"""
            update lessons set "order" = wanted.position
            from unnest({ordered}) with ordinality as wanted (id, position)
            where lessons.id = wanted.id and lessons.course_id = {id.Value} and lessons."order" <> wanted.position
            """, ct);

        audit.Write(db, caller, "lesson.order", $"course:{id}", new { before, after = request.LessonIds });
        await db.SaveChangesAsync(ct);
        var view = await CourseView.Read(db, id, caller.UserId, clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);

        return TypedResults.Ok(view!);
    }
}
