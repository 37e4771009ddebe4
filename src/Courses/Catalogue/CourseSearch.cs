using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace Platform.Courses.Catalogue;

/// <summary>Finds courses by words in their titles and descriptions, in Russian and English; the last word may be incomplete.</summary>
internal static partial class CourseSearch
{
    /// <summary>The generated column <c>search</c>: each word as written and by its stem, with <c>ё</c> as <c>е</c>.</summary>
    public const string Column = "Search";

    /// <summary>Every word must occur in some form (<c>маникюра</c> finds <c>маникюр</c>); the last one may be a prefix.</summary>
    public static IQueryable<Course> Matching(this IQueryable<Course> courses, string text)
    {
        var words = Word().Matches(text.Replace('ё', 'е').Replace('Ё', 'Е')).Select(match => match.Value).ToList();
        if (words is not [.. var before, var last])
        {
            return courses.Where(_ => false);
        }

        var (all, complete, prefix) = (string.Join(' ', words), string.Join(' ', before), $"{last}:*");
        return courses.Where(course => EF.Property<NpgsqlTsVector>(course, Column).Matches(
            EF.Functions.PlainToTsQuery("russian", all)
                .Or(EF.Functions.PlainToTsQuery("russian", complete).And(EF.Functions.ToTsQuery("simple", prefix)))));
    }

    [GeneratedRegex(@"[\p{L}\p{Nd}]+")]
    private static partial Regex Word();
}
