using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>A review, an idea or a message to the management.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<FeedbackId>))]
public readonly record struct FeedbackId(long Value) : ITypedId<FeedbackId>
{
    public static FeedbackId From(long value) => new(value);

    public static FeedbackId Parse(string s, IFormatProvider? provider) => TypedId.Parse<FeedbackId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out FeedbackId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
