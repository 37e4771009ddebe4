using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>
/// An identifier with its own type: <c>bigint</c> in the database, a number in JSON and in routes; always positive.
/// </summary>
/// <remarks>
/// One of the systems that this platform replaces broke in production when a Telegram id was passed as an internal id. So there is no
/// conversion between ids or from a bare number: write <c>new UserId(5)</c>.
/// </remarks>
public interface ITypedId<TSelf> : IParsable<TSelf> where TSelf : struct, ITypedId<TSelf>
{
    long Value { get; }

    static abstract TSelf From(long value);
}

internal static class TypedId
{
    public static TSelf Parse<TSelf>(string text) where TSelf : struct, ITypedId<TSelf> =>
        TryParse<TSelf>(text, out var id) ? id : throw new FormatException($"'{text}' is not a {typeof(TSelf).Name}.");

    public static bool TryParse<TSelf>([NotNullWhen(true)] string? text, out TSelf id) where TSelf : struct, ITypedId<TSelf>
    {
        var isId = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0;
        id = isId ? TSelf.From(value) : default;
        return isId;
    }
}

/// <summary>Writes an id as a JSON number and refuses whatever is not a positive whole one.</summary>
public sealed class TypedIdJsonConverter<TId> : JsonConverter<TId> where TId : struct, ITypedId<TId>
{
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && value > 0
            ? TId.From(value)
            : throw new JsonException("It must be a positive whole number.");

    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);

    public override TId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TypedId.Parse<TId>(reader.GetString()!);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, [DisallowNull] TId value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString()!);
}
