using System.Collections.Concurrent;
using System.Text;

namespace Platform.EndToEnd.Tests;

/// <summary>Receives OTLP exports (HTTP, protobuf) like the dashboard, and stores spans and raw bodies.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Span> _spans = new();
    private readonly ConcurrentQueue<byte[]> _received = new();

    private OtlpCollector(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>Settings that make a process export here quickly.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("OTEL_EXPORTER_OTLP_ENDPOINT", Address), new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), new("OTEL_BSP_SCHEDULE_DELAY", "200"),
    ];

    public IReadOnlyCollection<Span> Spans => _spans;

    /// <summary>Searches everything exported so far: traces, metrics and logs.</summary>
    public bool Contains(string text)
    {
        var sought = Encoding.UTF8.GetBytes(text);
        return _received.Any(body => body.AsSpan().IndexOf(sought) >= 0);
    }

    public static async Task<OtlpCollector> Start(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var collector = new OtlpCollector(app);
        app.MapPost("/v1/{signal}", async (string signal, HttpRequest request, CancellationToken aborted) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, aborted);
            collector.Record(signal, body.ToArray());
            return Results.Bytes([], "application/x-protobuf");
        });
        await app.StartAsync(ct);
        return collector;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private void Record(string signal, byte[] body)
    {
        _received.Enqueue(body);
        if (signal != "traces")
        {
            return;
        }

        // ExportTraceServiceRequest.resource_spans = 1; ResourceSpans.resource = 1, scope_spans = 2; ScopeSpans.spans = 2.
        foreach (var resourceSpans in Fields(body, 1))
        {
            var service = Fields(resourceSpans, 1).SelectMany(resource => Fields(resource, 1)).Select(Attribute)
                .FirstOrDefault(attribute => attribute.Key == "service.name").Value ?? "";
            foreach (var span in Fields(resourceSpans, 2).SelectMany(scope => Fields(scope, 2)))
            {
                _spans.Enqueue(new Span(
                    service,
                    Convert.ToHexStringLower(Fields(span, 1).First().Span),
                    Encoding.UTF8.GetString(Fields(span, 5).First().Span),
                    Fields(span, 9).Select(Attribute).ToLookup(attribute => attribute.Key, attribute => attribute.Value)));
            }
        }
    }

    // KeyValue.key = 1, value = 2; AnyValue.string_value = 1. Other kinds of values are not needed.
    private static (string Key, string Value) Attribute(ReadOnlyMemory<byte> keyValue) => (
        Encoding.UTF8.GetString(Fields(keyValue, 1).First().Span),
        Encoding.UTF8.GetString(Fields(keyValue, 2).SelectMany(value => Fields(value, 1)).FirstOrDefault().Span));

    /// <summary>The length-delimited fields with this number in a protobuf message.</summary>
    private static List<ReadOnlyMemory<byte>> Fields(ReadOnlyMemory<byte> message, int number)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message.Span, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message.Span, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                case 2:
                    var length = (int)Varint(message.Span, ref at);
                    if ((int)(tag >> 3) == number)
                    {
                        found.Add(message.Slice(at, length));
                    }

                    at += length;
                    break;
                default:
                    throw new FormatException($"Wire type {tag & 7} is not in use.");
            }
        }

        return found;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}

/// <param name="TraceId">32 hexadecimal digits, the same in every process of the call.</param>
public sealed record Span(string Service, string TraceId, string Name, ILookup<string, string> Attributes);
