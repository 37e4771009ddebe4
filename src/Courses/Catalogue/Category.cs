namespace Platform.Courses.Catalogue;

/// <summary>A category of courses. The migration creates seven; the business adds its own.</summary>
internal sealed class Category
{
    /// <summary>Identifies it in courses and URLs: <c>manicure</c>.</summary>
    public required string Slug { get; init; }

    public required string TitleRu { get; init; }

    public required string TitleEn { get; init; }

    /// <summary>Position among the categories.</summary>
    public required int Order { get; init; }
}
