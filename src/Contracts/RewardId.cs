using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>A reward that guests can buy with points.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<RewardId>))]
public readonly record struct RewardId(long Value) : ITypedId<RewardId>
{
    public static RewardId From(long value) => new(value);

    public static RewardId Parse(string s, IFormatProvider? provider) => TypedId.Parse<RewardId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RewardId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
