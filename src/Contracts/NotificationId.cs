using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>A message to a person.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<NotificationId>))]
public readonly record struct NotificationId(long Value) : ITypedId<NotificationId>
{
    public static NotificationId From(long value) => new(value);

    public static NotificationId Parse(string s, IFormatProvider? provider) => TypedId.Parse<NotificationId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out NotificationId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
