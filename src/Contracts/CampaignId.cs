using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>A campaign of the loyalty programme.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<CampaignId>))]
public readonly record struct CampaignId(long Value) : ITypedId<CampaignId>
{
    public static CampaignId From(long value) => new(value);

    public static CampaignId Parse(string s, IFormatProvider? provider) => TypedId.Parse<CampaignId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CampaignId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
