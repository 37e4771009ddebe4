using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>A refund of an order, in whole or in part. An order may have several.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<RefundId>))]
public readonly record struct RefundId(long Value) : ITypedId<RefundId>
{
    public static RefundId From(long value) => new(value);

    public static RefundId Parse(string s, IFormatProvider? provider) => TypedId.Parse<RefundId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RefundId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
