using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Courses;
using Platform.Courses.Storage;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses.Catalogue;

/// <summary>Adds a course to the catalogue, without lessons yet.</summary>
internal static class CreateCourse
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Adds a course to the catalogue; add its lessons one by one")
        .WithDescription("With isActive: false it is not offered until a PUT changes that.")
        .WithExample(CourseContent.Example, CourseView.Example with { Lessons = [], Access = null, Progress = Access.CourseProgress.From(0, 0) })
        .Refuses(CoursesErrors.CategoryUnknown);

    public static async Task<Results<Created<CourseView>, ProblemHttpResult>> Handle(
        CourseContent content, Caller caller, CoursesDb db, Outbox outbox, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        if (!await db.Categories.AnyAsync(category => category.Slug == content.Category, ct))
        {
            return Problems.For(CoursesErrors.CategoryUnknown);
        }

        await using var transaction = await db.Join(ct);
        var now = clock.GetUtcNow();
        var course = Course.Create(content, now);
        db.Courses.Add(course);
        // Assigns the id that the event and the audit need.
        await db.SaveChangesAsync(ct);

        outbox.Add(course.ToPricedEvent());
        audit.Write(db, caller, "course.create", $"course:{course.Id}", course.ToContent());
        await db.SaveChangesAsync(ct);
        var view = await CourseView.Read(db, course.Id, caller.UserId, now, ct);
        await transaction.CommitAsync(ct);

        return TypedResults.Created($"/api/courses/{course.Id}", view);
    }
}
