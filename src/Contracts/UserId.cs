using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>A person's id on this platform. Not their id in Telegram: see <see cref="TelegramId"/>.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<UserId>))]
public readonly record struct UserId(long Value) : ITypedId<UserId>
{
    public static UserId From(long value) => new(value);

    public static UserId Parse(string s, IFormatProvider? provider) => TypedId.Parse<UserId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out UserId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
