using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Platform.Gateway.Routing;

namespace Platform.Gateway.Health;

/// <summary>Asks services whether they are ready.</summary>
internal sealed class ServiceReports(ServiceAddresses addresses, IHttpClientFactory http, IOptions<GatewayOptions> options)
{
    public const string HttpClientName = "health";

    private readonly ConcurrentDictionary<string, Task<Report>> _underWay = new();

    /// <param name="Broker">What the service says of the broker; null when it does not say, or could not be asked.</param>
    public sealed record Report(HealthStatus Status, HealthStatus? Broker);

    /// <summary>The best of the service's replicas. Everybody who asks at the same time gets the same answer, so that a crowd costs one question.</summary>
    public async Task<Report> Of(string service, CancellationToken ct)
    {
        var asking = _underWay.GetOrAdd(service, Ask);
        try
        {
            return await asking.WaitAsync(ct);
        }
        finally
        {
            _underWay.TryRemove(KeyValuePair.Create(service, asking));
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
            // Away, too slow, or not one of ours: in each case not ready.
            return Missing;
        }
    }

    private static HealthStatus? BrokerIn(JsonElement report) =>
        report.ValueKind is JsonValueKind.Object && report.TryGetProperty("checks", out var checks) && checks.ValueKind is JsonValueKind.Array
            ? checks.EnumerateArray().Where(check => TextOf(check, "name") == PlatformHealth.Broker).Select(check => StatusOf(TextOf(check, "status"))).FirstOrDefault()
            : null;

    private static string? TextOf(JsonElement item, string name) =>
        item.ValueKind is JsonValueKind.Object && item.TryGetProperty(name, out var text) && text.ValueKind is JsonValueKind.String ? text.GetString() : null;

    private static HealthStatus? StatusOf(string? word) => Enum.TryParse<HealthStatus>(word, ignoreCase: true, out var status) ? status : null;
}
