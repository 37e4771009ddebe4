using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>A lesson of a course.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<LessonId>))]
public readonly record struct LessonId(long Value) : ITypedId<LessonId>
{
    public static LessonId From(long value) => new(value);

    public static LessonId Parse(string s, IFormatProvider? provider) => TypedId.Parse<LessonId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out LessonId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
