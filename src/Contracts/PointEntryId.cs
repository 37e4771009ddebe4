using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>An entry of a guest's points ledger.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<PointEntryId>))]
public readonly record struct PointEntryId(long Value) : ITypedId<PointEntryId>
{
    public static PointEntryId From(long value) => new(value);

    public static PointEntryId Parse(string s, IFormatProvider? provider) => TypedId.Parse<PointEntryId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PointEntryId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
