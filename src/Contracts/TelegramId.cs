using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>A person's id in Telegram. Not an internal id: see <see cref="UserId"/>.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<TelegramId>))]
public readonly record struct TelegramId(long Value) : ITypedId<TelegramId>
{
    public static TelegramId From(long value) => new(value);

    public static TelegramId Parse(string s, IFormatProvider? provider) => TypedId.Parse<TelegramId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TelegramId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
