using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>A stamp card, such as "every sixth coffee".</summary>
[JsonConverter(typeof(TypedIdJsonConverter<StampCardId>))]
public readonly record struct StampCardId(long Value) : ITypedId<StampCardId>
{
    public static StampCardId From(long value) => new(value);

    public static StampCardId Parse(string s, IFormatProvider? provider) => TypedId.Parse<StampCardId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out StampCardId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
