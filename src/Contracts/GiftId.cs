using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>A gift of a guest.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<GiftId>))]
public readonly record struct GiftId(long Value) : ITypedId<GiftId>
{
    public static GiftId From(long value) => new(value);

    public static GiftId Parse(string s, IFormatProvider? provider) => TypedId.Parse<GiftId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out GiftId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
