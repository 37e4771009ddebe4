using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Messaging;

/// <summary>JSON of events in the outbox, written by C# and by SQL functions: camelCase, enums as text, nulls omitted.</summary>
public static class EventJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };
}
