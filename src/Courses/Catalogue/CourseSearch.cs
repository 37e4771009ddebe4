using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace Platform.Courses.Catalogue;

/// <summary>Finds courses by the words of their titles and descriptions, in Russian and English, also while the last word is being typed.</summary>
internal static partial class CourseSearch
{
    /// <summary>
    /// The column <c>search</c>, which the database keeps: each word as it stands and by its stem, with <c>ё</c> as
    /// <c>е</c>.
    /// </summary>
    public const string Column = "Search";

    /// <summary>
    /// All words must be there in one of their forms (<c>маникюра</c> finds <c>маникюр</c>); of the last one its beginning
    /// is enough.
    /// </summary>
    public static IQueryable<Course> Mentioning(this IQueryable<Course> courses, string text)
    {
        var words = Word().Matches(text.Replace('ё', 'е').Replace('Ё', 'Е')).Select(match => match.Value).ToList();
        if (words is not [.. var before, var last])
        {
            return courses.Where(_ => false);
        }

        var (all, finished, begun) = (string.Join(' ', words), string.Join(' ', before), $"{last}:*");
        return courses.Where(course => EF.Property<NpgsqlTsVector>(course, Column).Matches(
            EF.Functions.PlainToTsQuery("russian", all)
                .Or(EF.Functions.PlainToTsQuery("russian", finished).And(EF.Functions.ToTsQuery("simple", begun)))));
    }

    [GeneratedRegex(@"[\p{L}\p{Nd}]+")]
    private static partial Regex Word();
}
