using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Courses;
using Platform.Courses.Catalogue;
using Platform.Courses.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses.Lessons;

/// <summary>Adds a lesson at the end of a course.</summary>
internal static class AddLesson
{
    /// <param name="VideoDuration">Seconds.</param>
    /// <param name="PdfUrl">URL of a handout to print.</param>
    /// <param name="IsFree">Open to everyone, as a sample of the course.</param>
    public sealed record Request(
        [Required, StringLength(255), PlainText] string Title,
        [StringLength(20_000), NotBlank] string? Description = null,
        [StringLength(2_000), WebAddress] string? VideoUrl = null,
        [Range(1, 86_400)] int? VideoDuration = null,
        [StringLength(2_000), WebAddress] string? PdfUrl = null,
        bool IsFree = false);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Adds a lesson at the end of a course")
        .WithExample(
            new Request(
                LessonView.Example.Title, LessonView.Example.Description, LessonView.Example.VideoUrl, LessonView.Example.VideoDuration,
                LessonView.Example.PdfUrl,
                IsFree: true),
            LessonView.Example)
        .Refuses(CoursesErrors.CourseNotFound, CoursesErrors.TooManyLessons);

    public static async Task<Results<Created<LessonView>, ProblemHttpResult>> Handle(
        CourseId id, Request request, Caller caller, CoursesDb db, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Join(ct);
        // The lock gives lessons added at the same time different positions.
        if (await db.LockCourse(id, ct) is null)
        {
            return Problems.For(CoursesErrors.CourseNotFound);
        }

        var last = await db.Lessons.Where(lesson => lesson.CourseId == id).MaxAsync(lesson => (int?)lesson.Order, ct) ?? 0;
        if (last == Lesson.MaxPerCourse)
        {
            return Problems.For(CoursesErrors.TooManyLessons);
        }

        var lesson = new Lesson
        {
            CourseId = id,
            Title = request.Title.Trim(),
            Description = request.Description?.Trim(),
            Order = last + 1,
            VideoUrl = request.VideoUrl,
            VideoDuration = request.VideoDuration,
            PdfUrl = request.PdfUrl,
            IsFree = request.IsFree,
            CreatedAt = clock.GetUtcNow(),
        };
        db.Lessons.Add(lesson);
        // Assigns the id that the audit needs.
        await db.SaveChangesAsync(ct);

        audit.Write(db, caller, "lesson.add", $"lesson:{lesson.Id}", new { courseId = id, lesson.Title, lesson.Order, lesson.IsFree });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);

        return TypedResults.Created($"/api/lessons/{lesson.Id}", LessonView.From(lesson));
    }
}
