namespace Platform.Courses.Catalogue;

/// <summary>What courses are about: a shelf of the catalogue. The migration puts seven there; the business adds its own.</summary>
internal sealed class Category
{
    /// <summary>What courses and addresses call it: <c>manicure</c>.</summary>
    public required string Slug { get; init; }

    public required string TitleRu { get; init; }

    public required string TitleEn { get; init; }

    /// <summary>Position among the categories.</summary>
    public required int Order { get; init; }
}
