using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Courses.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses.Catalogue;

/// <summary>The categories, in order. There are few enough for a menu, so there is no paging.</summary>
internal static class ListCategories
{
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <param name="Slug">Identifies it in courses and URLs.</param>
    public sealed record Item(string Slug, string TitleRu, string TitleEn);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The categories of courses, in order")
        .WithExample(request: null, new Response([new("manicure", "Маникюр", "Manicure"), new("eyelashes", "Ресницы", "Eyelashes")]));

    public static async Task<Ok<Response>> Handle(CoursesDb db, CancellationToken ct) => TypedResults.Ok(new Response(
        await db.Categories.OrderBy(category => category.Order)
            .Select(category => new Item(category.Slug, category.TitleRu, category.TitleEn))
            .ToListAsync(ct)));
}
