using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Courses;
using Platform.Courses.Storage;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses.Catalogue;

/// <summary>Replaces a course, except its lessons.</summary>
internal static class UpdateCourse
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Replaces a course, except its lessons")
        .WithDescription(
            "Fields left out get their defaults. isActive: false withdraws the course; those who have access keep it. "
            + "Send the version that you read to avoid overwriting a change made since (409 conflict).")
        .WithExample(CourseContent.Example with { Price = new Money(5900) }, CourseView.Example with { Price = new Money(5900), Version = 2 })
        .Refuses(CoursesErrors.CourseNotFound, CoursesErrors.CategoryUnknown, PlatformErrors.Conflict);

    public static async Task<Results<Ok<CourseView>, ProblemHttpResult>> Handle(
        CourseId id,
        CourseContent content,
        Caller caller,
        CoursesDb db,
        Outbox outbox,
        Audit audit,
        TimeProvider clock,
        CancellationToken ct,
        [Range(1, long.MaxValue)] long? version = null)
    {
        await using var transaction = await db.Join(ct);
        if (await db.LockCourse(id, ct) is not { } course)
        {
            return Problems.For(CoursesErrors.CourseNotFound);
        }

        if (version is not null && version != course.Version)
        {
            return Problems.For(PlatformErrors.Conflict);
        }

        if (!await db.Categories.AnyAsync(category => category.Slug == content.Category, ct))
        {
            return Problems.For(CoursesErrors.CategoryUnknown);
        }

        var (now, before) = (clock.GetUtcNow(), course.ToContent());
        if (course.Change(content, now))
        {
            outbox.Add(course.ToPricedEvent());
        }

        audit.Write(db, caller, "course.update", $"course:{id}", new { before, after = course.ToContent() });
        await db.SaveChangesAsync(ct);
        var view = await CourseView.Read(db, id, caller.UserId, now, ct);
        await transaction.CommitAsync(ct);

        return TypedResults.Ok(view!);
    }
}
