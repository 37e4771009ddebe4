using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.ServiceDefaults.Web.Json;

/// <summary>Instants in ISO 8601: written in UTC with a <c>Z</c>, read with any offset but never without one.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String && reader.TryGetDateTimeOffset(out var instant) && HasOffset(reader.GetString()!)
            ? instant.ToUniversalTime()
            : throw new JsonException("It must be an instant in ISO 8601 with its offset, such as 2026-01-31T09:30:00Z.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));

    private static bool HasOffset(string text) => text.IndexOf('T') is > 0 and var time && text.AsSpan(time).IndexOfAny('Z', '+', '-') > 0;
}
