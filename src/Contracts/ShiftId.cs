using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>A shift of a member of the staff in a shop.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<ShiftId>))]
public readonly record struct ShiftId(long Value) : ITypedId<ShiftId>
{
    public static ShiftId From(long value) => new(value);

    public static ShiftId Parse(string s, IFormatProvider? provider) => TypedId.Parse<ShiftId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ShiftId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
