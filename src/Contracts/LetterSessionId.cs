using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>The work on one letter, from the vacancy to its last version.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<LetterSessionId>))]
public readonly record struct LetterSessionId(long Value) : ITypedId<LetterSessionId>
{
    public static LetterSessionId From(long value) => new(value);

    public static LetterSessionId Parse(string s, IFormatProvider? provider) => TypedId.Parse<LetterSessionId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out LetterSessionId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
