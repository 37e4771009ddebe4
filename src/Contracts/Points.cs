using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>Loyalty points: whole, spent at 1 RUB each. Negative only as the change in a ledger entry.</summary>
[JsonConverter(typeof(PointsJsonConverter))]
[TypeConverter(typeof(PointsTypeConverter))]
public readonly record struct Points(long Value) : IComparable<Points>, IComparable
{
    public static Points Zero => default;

    public static Points operator +(Points left, Points right) => new(left.Value + right.Value);

    public static Points operator -(Points left, Points right) => new(left.Value - right.Value);

    public static bool operator <(Points left, Points right) => left.Value < right.Value;

    public static bool operator >(Points left, Points right) => left.Value > right.Value;

    public static bool operator <=(Points left, Points right) => left.Value <= right.Value;

    public static bool operator >=(Points left, Points right) => left.Value >= right.Value;

    public static Points Add(Points left, Points right) => left + right;

    public static Points Subtract(Points left, Points right) => left - right;

    public int CompareTo(Points other) => Value.CompareTo(other.Value);

    int IComparable.CompareTo(object? obj) => CompareTo((Points)obj!);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

internal sealed class PointsJsonConverter : JsonConverter<Points>
{
    public override Points Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var points)
            ? new Points(points)
            : throw new JsonException("Send points as a whole number.");

    public override void Write(Utf8JsonWriter writer, Points value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

/// <summary>Allows limits in attributes: <c>[Range(typeof(Points), "0", "1000000")]</c>.</summary>
internal sealed class PointsTypeConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        new Points(long.Parse((string)value, CultureInfo.InvariantCulture));
}
