using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.ServiceDefaults.Web.Json;

/// <summary>Refuses the character U+0000, which PostgreSQL's text cannot hold.</summary>
internal sealed class NoNullCharacterConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String ? Checked(reader.GetString()!) : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Checked(reader.GetString()!);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

    private static string Checked(string text) =>
        text.Contains('\0') ? throw new JsonException("It must not contain the character U+0000.") : text;
}
