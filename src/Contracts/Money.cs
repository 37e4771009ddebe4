using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>Roubles, to the kopeck: <c>numeric(…, 2)</c> in the database, a number with two places in JSON.</summary>
/// <exception cref="ArgumentException">The amount has more than two decimal places: callers must round on purpose.</exception>
[JsonConverter(typeof(MoneyJsonConverter))]
[TypeConverter(typeof(MoneyTypeConverter))]
public readonly record struct Money : IComparable<Money>, IComparable
{
    public Money(decimal roubles)
    {
        if (decimal.Round(roubles, 2) != roubles)
        {
            throw new ArgumentException($"{roubles} RUB has a fraction of a kopeck.", nameof(roubles));
        }

        Roubles = decimal.Round(roubles, 2) + 0.00m;
    }

    public decimal Roubles { get; }

    public static Money Zero => new(0);

    public static Money operator +(Money left, Money right) => new(left.Roubles + right.Roubles);

    public static Money operator -(Money left, Money right) => new(left.Roubles - right.Roubles);

    public static bool operator <(Money left, Money right) => left.Roubles < right.Roubles;

    public static bool operator >(Money left, Money right) => left.Roubles > right.Roubles;

    public static bool operator <=(Money left, Money right) => left.Roubles <= right.Roubles;

    public static bool operator >=(Money left, Money right) => left.Roubles >= right.Roubles;

    public static Money Add(Money left, Money right) => left + right;

    public static Money Subtract(Money left, Money right) => left - right;

    public int CompareTo(Money other) => Roubles.CompareTo(other.Roubles);

    int IComparable.CompareTo(object? obj) => CompareTo((Money)obj!);

    public override string ToString() => Roubles.ToString("0.00", CultureInfo.InvariantCulture);
}

internal sealed class MoneyJsonConverter : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var roubles) && decimal.Round(roubles, 2) == roubles
            ? new Money(roubles)
            : throw new JsonException("Send an amount of money as a number with at most two decimal places.");

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteRawValue(value.ToString());
}

/// <summary>Allows limits in attributes: <c>[Range(typeof(Money), "0.01", "1000000")]</c>.</summary>
internal sealed class MoneyTypeConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        new Money(decimal.Parse((string)value, CultureInfo.InvariantCulture));
}
