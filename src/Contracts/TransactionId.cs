using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>An entry in the credit ledger.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<TransactionId>))]
public readonly record struct TransactionId(long Value) : ITypedId<TransactionId>
{
    public static TransactionId From(long value) => new(value);

    public static TransactionId Parse(string s, IFormatProvider? provider) => TypedId.Parse<TransactionId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TransactionId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
