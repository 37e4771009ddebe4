using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Messaging;

/// <summary>How an event is written into the outbox, by C# and by SQL functions alike: camelCase, enums as text, nulls left out.</summary>
public static class EventJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };
}
