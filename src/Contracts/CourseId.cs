using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>A course in the catalogue.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<CourseId>))]
public readonly record struct CourseId(long Value) : ITypedId<CourseId>
{
    public static CourseId From(long value) => new(value);

    public static CourseId Parse(string s, IFormatProvider? provider) => TypedId.Parse<CourseId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CourseId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
