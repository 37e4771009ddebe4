using System.Text.Json;
using System.Text.Json.Serialization;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;

namespace Telegram.Bot
{
    /// <summary>How the Bot API writes JSON: snake_case, without what is not set.</summary>
    public static class JsonBotAPI
    {
        public static JsonSerializerOptions Options { get; } = Configured();

        public static void Configure(JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(options);
            options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault;
            options.NumberHandling = JsonNumberHandling.AllowReadingFromString;
        }

        private static JsonSerializerOptions Configured()
        {
            var options = new JsonSerializerOptions();
            Configure(options);
            return options;
        }
    }
}

namespace Telegram.Bot.Serialization
{
    /// <summary>An enum by its name in snake_case; a name that this version does not know reads as 0.</summary>
    public class EnumConverter<TEnum> : JsonConverter<TEnum> where TEnum : struct, Enum
    {
        private static readonly Dictionary<string, TEnum> Values =
            Enum.GetValues<TEnum>().ToDictionary(value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

        private static readonly Dictionary<TEnum, string> Names = Values.ToDictionary(pair => pair.Value, pair => pair.Key);

        public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Values.GetValueOrDefault(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.WriteStringValue(Names.TryGetValue(value, out var name) ? name : throw new JsonException($"{value} has no name."));
        }
    }

    /// <summary>Seconds since 1970 as an instant in UTC; 0 as <c>default</c>.</summary>
    internal sealed class UnixDateTimeConverter : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetInt64() is var seconds and not 0 ? DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime : default;

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value == default ? 0 : new DateTimeOffset(value.ToUniversalTime()).ToUnixTimeSeconds());
    }

    internal sealed class ChatIdConverter : JsonConverter<ChatId>
    {
        public override ChatId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number ? reader.GetInt64() : reader.GetString()!;

        public override void Write(Utf8JsonWriter writer, ChatId value, JsonSerializerOptions options)
        {
            if (value.Identifier is { } identifier)
            {
                writer.WriteNumberValue(identifier);
            }
            else
            {
                writer.WriteStringValue(value.Username);
            }
        }
    }

    /// <summary>A file by its id or address. A stream has no JSON of its own: it is a part of the form, and the call knows which.</summary>
    internal sealed class InputFileConverter : JsonConverter<InputFile>
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsAssignableTo(typeof(InputFile));

        public override InputFile Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            InputFile.FromString(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, InputFile value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value switch
            {
                InputFileId file => file.Id,
                InputFileUrl file => file.Url.ToString(),
                InputFileStream => "attach://",
                _ => throw new JsonException("File Type not supported"),
            });
    }

    /// <summary>Which kind of member it is says <c>status</c>.</summary>
    internal sealed class ChatMemberConverter : JsonConverter<ChatMember>
    {
        public override ChatMember Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var member = JsonDocument.ParseValue(ref reader);
            ChatMember? read = member.RootElement.GetProperty("status").Deserialize<ChatMemberStatus>(options) switch
            {
                ChatMemberStatus.Creator => member.Deserialize<ChatMemberOwner>(options),
                ChatMemberStatus.Administrator => member.Deserialize<ChatMemberAdministrator>(options),
                ChatMemberStatus.Member => member.Deserialize<ChatMemberMember>(options),
                ChatMemberStatus.Restricted => member.Deserialize<ChatMemberRestricted>(options),
                ChatMemberStatus.Left => member.Deserialize<ChatMemberLeft>(options),
                ChatMemberStatus.Kicked => member.Deserialize<ChatMemberBanned>(options),
                _ => null,
            };
            return read ?? throw new JsonException("Unknown status of a chat member.");
        }

        public override void Write(Utf8JsonWriter writer, ChatMember value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, value.GetType(), options);
    }
}
