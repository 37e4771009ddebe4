using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>One period in which a person has access to a course; access given again later has another id.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<CourseAccessId>))]
public readonly record struct CourseAccessId(long Value) : ITypedId<CourseAccessId>
{
    public static CourseAccessId From(long value) => new(value);

    public static CourseAccessId Parse(string s, IFormatProvider? provider) => TypedId.Parse<CourseAccessId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CourseAccessId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
