using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Courses.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses.Catalogue;

/// <summary>The courses on offer: courses of the month first, then the newest.</summary>
internal static class ListCourses
{
    /// <param name="Next">Pass it as <c>after</c> to get the next page; null on the last page.</param>
    public sealed record Response(IReadOnlyList<Item> Items, string? Next);

    /// <param name="Category">Slug of its category.</param>
    /// <param name="Price">Roubles; 0 for a free course.</param>
    /// <param name="Lessons">How many lessons it has.</param>
    public sealed record Item(
        CourseId Id, string Title, string Description, string Category, string? CoverImageUrl, bool IsTop, Money Price, int? DurationHours, int Lessons);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The courses on offer: courses of the month first, then the newest")
        .WithDescription(
            "Filter by category, by top (courses of the month only), and by query: all its words must occur in the title or the description. "
            + "Pass `next` from a page as `after` to get the following one.")
        .WithExample(request: null, new Response(
            [new(new CourseId(17), "Маникюр с нуля", "Комбинированный маникюр и покрытие за четыре недели.", "manicure",
                "https://media.example.com/covers/manicure.jpg", IsTop: true, new Money(4900), DurationHours: 24, Lessons: 8)],
            Next: "1-17"));

    public static async Task<Ok<Response>> Handle(
        CoursesDb db,
        CancellationToken ct,
        [StringLength(100)] string? category = null,
        [StringLength(100)] string? query = null,
        bool top = false,
        CourseCursor? after = null,
        [Range(1, 100)] int limit = 50)
    {
        var courses = db.Courses.Where(course => course.IsActive);
        // An empty search box means no filter.
        if (!string.IsNullOrWhiteSpace(category))
        {
            courses = courses.Where(course => course.Category == category);
        }

        if (top)
        {
            courses = courses.Where(course => course.IsTop);
        }

        if (!string.IsNullOrWhiteSpace(query))
        {
            courses = courses.Matching(query);
        }

        if (after is { } cursor)
        {
            courses = courses.Where(course =>
                EF.Functions.LessThan(ValueTuple.Create(course.IsTop, course.Id), ValueTuple.Create(cursor.IsTop, cursor.Id)));
        }

        var page = await courses
            .OrderByDescending(course => course.IsTop).ThenByDescending(course => course.Id)
            .Take(limit + 1)
            .Select(course => new Item(
                course.Id, course.Title, course.Description, course.Category, course.CoverImageUrl, course.IsTop, course.Price, course.DurationHours,
                db.Lessons.Count(lesson => lesson.CourseId == course.Id)))
            .ToListAsync(ct);
        return TypedResults.Ok(new Response(
            [.. page.Take(limit)], page.Count > limit ? new CourseCursor(page[limit - 1].IsTop, page[limit - 1].Id).ToString() : null));
    }
}
