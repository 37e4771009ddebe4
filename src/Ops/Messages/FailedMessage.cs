using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using RabbitMQ.Client;

namespace Platform.Ops.Messages;

/// <summary>A message in an error queue: what was sent and why it was not handled.</summary>
internal sealed record FailedMessage
{
    // Headers that MassTransit adds when it gives up.
    private const string Fault = "MT-Fault-";
    private const string Host = "MT-Host-";
    private const string FaultReason = "MT-Reason";

    // Headers that the broker and its client add.
    private const string Broker = "x-";

    public required string Service { get; init; }

    public required FailureKind Kind { get; init; }

    /// <summary>The event's id, the same in every queue. A message without one gets a hash of its content, the same at every read.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name of the event record, with its namespace.</summary>
    public required string Type { get; init; }

    /// <summary>When the service gave up, in its own words.</summary>
    public required string? FailedAt { get; init; }

    public required string? Exception { get; init; }

    public required string? Message { get; init; }

    public required string? StackTrace { get; init; }

    /// <summary>The headers it was sent with.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The envelope with the event. May contain personal data.</summary>
    public required JsonElement? Body { get; init; }

    /// <summary>One line, such as <c>InvalidOperationException: the till is shut</c>.</summary>
    public string Reason => string.Join(": ", new[]
    {
        Exception?[(Exception.LastIndexOf('.') + 1)..],
        Message?.Split('\n', 2)[0].TrimEnd() ?? (Exception is null ? "No reason is given." : null),
    }.Where(part => part is not null));

    /// <summary>The event name without namespace, such as <c>OrderPlaced</c>.</summary>
    public string Event => Type[(Type.LastIndexOf('.') + 1)..];

    public static FailedMessage Read(string service, FailureKind kind, BasicGetResult delivery)
    {
        var headers = Texts(delivery.BasicProperties.Headers);
        var body = Parse(delivery.Body.Span);
        return new FailedMessage
        {
            Service = service,
            Kind = kind,
            Id = Guid.TryParse(delivery.BasicProperties.MessageId ?? Property(body, "messageId"), out var id)
                ? id
                : IdOf(service, headers, delivery.Body.Span),
            Type = TypeOf(body) ?? headers.GetValueOrDefault($"{Fault}MessageType") ?? "?",
            FailedAt = headers.GetValueOrDefault($"{Fault}Timestamp"),
            Exception = headers.GetValueOrDefault($"{Fault}ExceptionType"),
            Message = headers.GetValueOrDefault($"{Fault}Message") ?? ReasonOf(kind, headers),
            StackTrace = headers.GetValueOrDefault($"{Fault}StackTrace"),
            Headers = headers.Where(header => !IsAddedInTransit(header.Key)).ToDictionary(),
            Body = body,
        };
    }

    /// <summary>Whether a header was added after the message was sent: it describes the failure or the deliveries.</summary>
    public static bool IsAddedInTransit(string header) =>
        header == FaultReason || header.StartsWith(Fault, StringComparison.Ordinal) || header.StartsWith(Host, StringComparison.Ordinal)
        || header.StartsWith(Broker, StringComparison.Ordinal);

    private static string? ReasonOf(FailureKind kind, Dictionary<string, string> headers) => (kind, headers.GetValueOrDefault("x-first-death-reason")) switch
    {
        (FailureKind.Skipped, _) => "The service has no handler for this type of message.",
        (_, "delivery_limit") => "It came back too often: each time the service stopped or lost the broker before it had handled it.",
        _ => null,
    };

    // Without the broker's delivery count. A UUID of version 8, whose bits are free to choose.
    private static Guid IdOf(string service, Dictionary<string, string> headers, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(service));
        foreach (var (name, value) in headers.Where(header => header.Key != "x-delivery-count").OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{name}: {value}"));
        }

        hash.AppendData("\n\n"u8);
        hash.AppendData(body);
        var bytes = hash.GetHashAndReset().AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

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

[JsonConverter(typeof(JsonStringEnumConverter<FailureKind>))]
internal enum FailureKind
{
    /// <summary>The service tried it five times and failed.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>The service has no handler: another version sent it, or it went to the wrong queue.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,
}
