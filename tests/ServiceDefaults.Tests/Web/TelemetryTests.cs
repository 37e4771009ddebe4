using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Web;

public sealed class TelemetryTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _spans = new();
    private readonly ConcurrentQueue<string> _names = new();
    private readonly ConcurrentQueue<string> _logs = new();
    private readonly List<Metric> _metrics = [];
    private TestDatabase _database = null!;
    private TestService _service = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.Create();
        _service = await TestService.Start(_database, app =>
        {
            app.MapGet("/api/people/{telegramId}",
                async (TelegramId telegramId, NpgsqlDataSource database, ILogger<TelemetryTests> log, CancellationToken ct) =>
            {
                await using var command = database.CreateCommand("select $1");
                command.Parameters.AddWithValue(telegramId.Value);
                await command.ExecuteScalarAsync(ct);
                log.LogWarning("Looked.");
                return TypedResults.Ok();
            }).RequireRole(Role.Guest);
            app.MapGet("/api/broken/{telegramId}", string (TelegramId telegramId) => throw new InvalidOperationException("It broke.")).AllowAnonymous();
            app.MapGet("/api/calls", async (HttpRequest request, CancellationToken ct) =>
            {
                using var client = new HttpClient();
                await client.GetAsync($"http://{request.Host}/bot77000077:hunter2/sendMessage?text=hunter2", ct);
                return TypedResults.Ok();
            }).AllowAnonymous();
        }, Ct, configure: builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Information);
            builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(new SimpleActivityExportProcessor(new Spans(this))));
            builder.Services.ConfigureOpenTelemetryLoggerProvider(logging => logging.AddProcessor(new SimpleLogRecordExportProcessor(new Records(this))));
            builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddReader(new BaseExportingMetricReader(new Metrics(this))));
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_server_span_is_named_after_its_route_and_contains_the_database_call()
    {
        using var client = _service.As(Role.Guest);
        await client.GetAsync("/api/people/77000077", Ct);

        await Seen("GET /api/people/{telegramId}");
        var server = _spans.First(span => span.StartsWith("GET /api/people/{telegramId}", StringComparison.Ordinal));
        server.ShouldContain("http.route=/api/people/{telegramId}");
        server.ShouldContain("http.response.status_code=200");
        _spans.ShouldContain(span => span.Contains("db.", StringComparison.Ordinal) && span.Contains("select $1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Telemetry_contains_no_ids_from_paths_no_query_values_tokens_or_addresses()
    {
        using var client = _service.As(Role.Guest);
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Hunter2Browser/1.0");
        await client.GetAsync("/api/people/77000077?phone=hunter2", Ct);
        await client.GetAsync("/api/people/77000077x?phone=hunter2", Ct);
        await client.GetAsync("/api/broken/77000077?phone=hunter2", Ct);
        await client.GetAsync("/api/calls?phone=hunter2", Ct);

        await Seen("GET /api/calls");
        await Seen("GET /api/broken/{telegramId}");
        await Seen("GET /*/sendMessage");
        _logs.ShouldContain(line => line.Contains("A request failed", StringComparison.Ordinal));
        _spans.ShouldContain(span => span.Contains("url.full", StringComparison.Ordinal) && span.Contains("/*/sendMessage", StringComparison.Ordinal));
        _logs.ShouldContain(line => line.Contains("Looked.", StringComparison.Ordinal));
        foreach (var line in _spans.Concat(_logs))
        {
            line.ShouldNotContain("77000077");
            line.ShouldNotContain("hunter2", Case.Insensitive);
            line.ShouldNotContain("CfDJ8");
            line.ShouldNotContain("client.address");
        }
    }

    [Fact]
    public async Task Health_probes_and_polling_loops_are_not_traced()
    {
        using var client = _service.Anyone;
        for (var probe = 0; probe < 3; probe++)
        {
            (await client.GetAsync("/health/ready", Ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await client.GetAsync("/api/calls", Ct);
        await Seen("GET /api/calls");

        _spans.ShouldNotContain(span => span.Contains("health", StringComparison.Ordinal));
        _spans.ShouldNotContain(span => span.Contains("select 1", StringComparison.Ordinal) && !span.Contains("select $1", StringComparison.Ordinal));
        _spans.ShouldNotContain(span => span.Contains("revoked_users", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_span_of_an_unknown_address_is_named_by_its_method_only()
    {
        using var client = _service.Anyone;
        await client.GetAsync("/nowhere/77000077", Ct);

        await Seen("GET");
        _spans.ShouldContain(span =>
            span.StartsWith("GET ", StringComparison.Ordinal) && span.Contains("http.response.status_code=404", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Framework_metrics_are_collected()
    {
        using var client = _service.Anyone;
        await client.GetAsync("/nowhere", Ct);
        _service.Services.GetRequiredService<MeterProvider>().ForceFlush();

        string[] expected =
        [
            "http.server.request.duration", "kestrel.active_connections", "http.client.request.duration", "db.client.connection.count", "dotnet.gc.collections",
        ];

        foreach (var name in expected)
        {
            _metrics.ShouldContain(metric => metric.Name == name, name);
        }
    }

    [Fact]
    public async Task Traces_metrics_and_logs_are_sent_to_the_configured_collector()
    {
        var received = new ConcurrentQueue<string>();
        var silent = WebApplication.CreateSlimBuilder();
        silent.Logging.ClearProviders();
        await using var collector = silent.Build();
        collector.Urls.Add("http://127.0.0.1:0");
        collector.MapPost("/v1/{signal}", (string signal) => received.Enqueue(signal));
        await collector.StartAsync(Ct);

        await using (var service = await TestService.Start(
            _database,
            app => app.MapGet("/things", () => TypedResults.Ok()).AllowAnonymous(),
            Ct,
            createsKeys: false,
            configure: builder => builder.Logging.SetMinimumLevel(LogLevel.Information),
            settings: [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.Single()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")]))
        {
            using var client = service.Anyone;
            (await client.GetAsync("/things", Ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        received.Distinct().Order().ShouldBe(["logs", "metrics", "traces"]);
    }

    private async Task Seen(string name) =>
        await Eventually.Get(() => Task.FromResult(string.Join('\n', _names)), names => names.Split('\n').Contains(name), Ct);

    private sealed class Spans(TelemetryTests tests) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch)
            {
                var text = new StringBuilder($"{span.DisplayName} {span.Source.Name} {span.Kind} {span.StatusDescription}");
                var tags = span.TagObjects
                    .Concat(span.Events.SelectMany(happened => happened.Tags))
                    .Concat(span.Baggage.Select(item => KeyValuePair.Create<string, object?>(item.Key, item.Value)));
                foreach (var tag in tags)
                {
                    text.Append(null, $" {tag.Key}={tag.Value}");
                }

                tests._spans.Enqueue(text.ToString());
                tests._names.Enqueue(span.DisplayName);
            }

            return ExportResult.Success;
        }
    }

    private sealed class Records(TelemetryTests tests) : BaseExporter<LogRecord>
    {
        public override ExportResult Export(in Batch<LogRecord> batch)
        {
            foreach (var record in batch)
            {
                var text = new StringBuilder($"{record.CategoryName} {record.FormattedMessage} {record.Body} {record.Exception}");
                foreach (var attribute in record.Attributes ?? [])
                {
                    text.Append(null, $" {attribute.Key}={attribute.Value}");
                }

                record.ForEachScope((scope, state) =>
                {
                    foreach (var item in scope)
                    {
                        state.Append(null, $" {item.Key}={item.Value}");
                    }
                }, text);
                tests._logs.Enqueue(text.ToString());
            }

            return ExportResult.Success;
        }
    }

    private sealed class Metrics(TelemetryTests tests) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                tests._metrics.Add(metric);
            }

            return ExportResult.Success;
        }
    }
}
