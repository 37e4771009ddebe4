using System.Globalization;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace Platform.Ops.Messages;

/// <summary>A message that a service could not handle, as it lies in the error queue: what was sent, and why it failed.</summary>
internal sealed record FailedMessage
{
    // What the framework adds when it gives up.
    private const string Fault = "MT-Fault-";
    private const string Host = "MT-Host-";
    private const string Reason = "MT-Reason";

    // What the broker and its client add.
    private const string Broker = "x-";

    /// <summary>Whose error queue it lies in.</summary>
    public required string Service { get; init; }

    /// <summary>The same in every queue that the event went to; null when somebody else than the platform has sent it.</summary>
    public required Guid? Id { get; init; }

    /// <summary>The event's record, with its namespace.</summary>
    public required string Type { get; init; }

    /// <summary>When the service gave up, as it says.</summary>
    public required string? FailedAt { get; init; }

    public required string? Exception { get; init; }

    public required string? Message { get; init; }

    public required string? StackTrace { get; init; }

    /// <summary>What it was sent with.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The envelope with the event; personal data may be in it.</summary>
    public required JsonElement? Body { get; init; }

    /// <summary>The event alone: <c>OrderPlaced</c>.</summary>
    public string Event => Type[(Type.LastIndexOf('.') + 1)..];

    public static FailedMessage Read(string service, BasicGetResult delivery)
    {
        var headers = Texts(delivery.BasicProperties.Headers);
        var body = Parse(delivery.Body.Span);
        return new FailedMessage
        {
            Service = service,
            Id = Guid.TryParse(delivery.BasicProperties.MessageId ?? Property(body, "messageId"), out var id) ? id : null,
            Type = TypeOf(body) ?? headers.GetValueOrDefault($"{Fault}MessageType") ?? "?",
            FailedAt = headers.GetValueOrDefault($"{Fault}Timestamp"),
            Exception = headers.GetValueOrDefault($"{Fault}ExceptionType"),
            Message = headers.GetValueOrDefault($"{Fault}Message"),
            StackTrace = headers.GetValueOrDefault($"{Fault}StackTrace"),
            Headers = headers.Where(header => !IsAddedOnTheWay(header.Key)).ToDictionary(),
            Body = body,
        };
    }

    /// <summary>Whether a header tells of what became of the message since it was sent: of the failure, or of its deliveries.</summary>
    public static bool IsAddedOnTheWay(string header) =>
        header == Reason || header.StartsWith(Fault, StringComparison.Ordinal) || header.StartsWith(Host, StringComparison.Ordinal)
        || header.StartsWith(Broker, StringComparison.Ordinal);

    private static Dictionary<string, string> Texts(IDictionary<string, object?>? headers) => (headers ?? new Dictionary<string, object?>()).ToDictionary(
        header => header.Key,
        header => header.Value is byte[] text ? Encoding.UTF8.GetString(text) : Convert.ToString(header.Value, CultureInfo.InvariantCulture) ?? "");

    private static JsonElement? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return JsonElement.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // urn:message:Platform.Contracts.Loyalty:OrderPlaced
    private static string? TypeOf(JsonElement? envelope) =>
        envelope is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty("messageType", out var types)
            && types is { ValueKind: JsonValueKind.Array } && types.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.String } type
            ? type.GetString()!.Replace("urn:message:", "", StringComparison.Ordinal).Replace(':', '.')
            : null;

    private static string? Property(JsonElement? envelope, string name) =>
        envelope is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
