using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>Something at the counter that an admin should look at.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<AlertId>))]
public readonly record struct AlertId(long Value) : ITypedId<AlertId>
{
    public static AlertId From(long value) => new(value);

    public static AlertId Parse(string s, IFormatProvider? provider) => TypedId.Parse<AlertId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AlertId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
