using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Courses;
using Platform.Courses.Storage;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses.Catalogue;

/// <summary>Puts a course into the catalogue, as yet without lessons.</summary>
internal static class CreateCourse
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Puts a course into the catalogue; its lessons are added to it one by one")
        .WithDescription("With isActive: false it is not offered until a PUT says otherwise.")
        .WithExample(CourseContent.Example, CourseView.Example with { Lessons = [], Access = null, Progress = Access.CourseProgress.Of(0, 0) })
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
        var course = Course.Make(content, now);
        db.Courses.Add(course);
        // Gives it the number that the event and the audit name.
        await db.SaveChangesAsync(ct);

        outbox.Add(course.Priced());
        audit.Write(db, caller, "course.create", $"course:{course.Id}", course.Content());
        await db.SaveChangesAsync(ct);
        var view = await CourseView.Read(db, course.Id, caller.UserId, now, ct);
        await transaction.CommitAsync(ct);

        return TypedResults.Created($"/api/courses/{course.Id}", view);
    }
}
