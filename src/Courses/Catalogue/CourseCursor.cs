using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Platform.Contracts;

namespace Platform.Courses.Catalogue;

/// <summary>The end of a page of the catalogue. Callers send it back unchanged.</summary>
public readonly record struct CourseCursor(bool IsTop, CourseId Id) : IParsable<CourseCursor>
{
    public static CourseCursor Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var cursor) ? cursor : throw new FormatException($"'{s}' is not a course cursor.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CourseCursor result)
    {
        var parts = (s ?? "").Split('-');
        if (parts is ["0" or "1", var number] && CourseId.TryParse(number, provider, out var id))
        {
            result = new(parts[0] == "1", id);
            return true;
        }

        result = default;
        return false;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsTop ? 1 : 0)}-{Id.Value}");
}
