using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>A reply of the management to a guest.</summary>
[JsonConverter(typeof(TypedIdJsonConverter<ReplyId>))]
public readonly record struct ReplyId(long Value) : ITypedId<ReplyId>
{
    public static ReplyId From(long value) => new(value);

    public static ReplyId Parse(string s, IFormatProvider? provider) => TypedId.Parse<ReplyId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ReplyId result) => TypedId.TryParse(s, out result);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
