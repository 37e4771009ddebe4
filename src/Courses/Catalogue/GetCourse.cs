using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Contracts.Courses;
using Platform.Courses.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses.Catalogue;

/// <summary>A course with its lessons. A withdrawn course is visible only to admins and to those who have or had access.</summary>
internal static class GetCourse
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("A course with its lessons, and the caller's own access and progress")
        .WithExample(request: null, CourseView.Example)
        .Refuses(CoursesErrors.CourseNotFound);

    public static async Task<Results<Ok<CourseView>, ProblemHttpResult>> Handle(
        CourseId id, Caller caller, CoursesDb db, TimeProvider clock, CancellationToken ct)
    {
        var course = await CourseView.Read(db, id, caller.UserId, clock.GetUtcNow(), ct);
        return course is not null && (course.IsActive || course.Access is not null || caller.Role >= Role.Admin)
            ? TypedResults.Ok(course)
            : Problems.For(CoursesErrors.CourseNotFound);
    }
}
