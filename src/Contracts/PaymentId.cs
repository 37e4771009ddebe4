using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>A payment in billing.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<PaymentId>))]
public readonly record struct PaymentId(long Value) : ITypedId<PaymentId>
{
    public static PaymentId From(long value) => new(value);

    public static PaymentId Parse(string s, IFormatProvider? provider) => TypedId.Parse<PaymentId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PaymentId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
