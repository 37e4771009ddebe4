using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>A price that a preview promised for an order.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<QuoteId>))]
public readonly record struct QuoteId(long Value) : ITypedId<QuoteId>
{
    public static QuoteId From(long value) => new(value);

    public static QuoteId Parse(string s, IFormatProvider? provider) => TypedId.Parse<QuoteId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out QuoteId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
