using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Platform.Gateway.Routing;

namespace Platform.Gateway.Health;

internal sealed class ServiceReports(ServiceAddresses addresses, IHttpClientFactory http, IOptions<GatewayOptions> options)
{
    public const string HttpClientName = "health";

    private readonly ConcurrentDictionary<string, Task<Report>> _pending = new();

    /// <param name="Broker">The broker's status in the report; null when the report has none or the service did not answer.</param>
    public sealed record Report(HealthStatus Status, HealthStatus? Broker);

    /// <summary>The report of the best replica. Concurrent callers share one request.</summary>
    public async Task<Report> Of(string service, CancellationToken ct)
    {
        var asking = _pending.GetOrAdd(service, Ask);
        try
        {
            return await asking.WaitAsync(ct);
        }
        finally
        {
            _pending.TryRemove(KeyValuePair.Create(service, asking));
        }
    }

    private async Task<Report> Ask(string service)
    {
        var replicas = await Task.WhenAll(addresses.Of(service).Select(Ask));
        return replicas.MaxBy(report => report.Status) ?? Missing;
    }

    private static Report Missing { get; } = new(HealthStatus.Unhealthy, null);

    private async Task<Report> Ask(Uri replica)
    {
        using var client = http.CreateClient(HttpClientName);
        client.Timeout = options.Value.HealthCheckEvery;
        try
        {
            using var answer = await client.GetAsync(new Uri(replica, "/health/ready"), CancellationToken.None);
            using var report = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync());
            var status = answer.IsSuccessStatusCode ? StatusOf(TextOf(report.RootElement, "status")) : null;
            return new Report(status ?? HealthStatus.Unhealthy, BrokerIn(report.RootElement));
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or JsonException)
        {
            // Down, too slow, or not one of our services: not ready in each case.
            return Missing;
        }
    }

    private static HealthStatus? BrokerIn(JsonElement report) =>
        report.ValueKind is JsonValueKind.Object && report.TryGetProperty("checks", out var checks) && checks.ValueKind is JsonValueKind.Array
            ? checks.EnumerateArray().Where(check => TextOf(check, "name") == PlatformHealth.Broker)
                .Select(check => StatusOf(TextOf(check, "status"))).FirstOrDefault()
            : null;

    private static string? TextOf(JsonElement item, string name) =>
        item.ValueKind is JsonValueKind.Object && item.TryGetProperty(name, out var text) && text.ValueKind is JsonValueKind.String ? text.GetString() : null;

    private static HealthStatus? StatusOf(string? word) => Enum.TryParse<HealthStatus>(word, ignoreCase: true, out var status) ? status : null;
}
