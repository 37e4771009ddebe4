using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>A member of the staff or an admin, as orders and the audit name them. They need not be a registered guest.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<StaffId>))]
public readonly record struct StaffId(long Value) : ITypedId<StaffId>
{
    public static StaffId From(long value) => new(value);

    public static StaffId Parse(string s, IFormatProvider? provider) => TypedId.Parse<StaffId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out StaffId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
