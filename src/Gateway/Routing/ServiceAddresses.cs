using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;

namespace Platform.Gateway.Routing;

/// <summary>Addresses of a service's replicas: <c>services:&lt;name&gt;:http:0</c>, <c>:1</c> and so on, set by the app host.</summary>
internal sealed class ServiceAddresses(IConfiguration configuration)
{
    public IReadOnlyList<Uri> Of(string service) =>
    [
        .. from address in configuration.GetSection($"services:{service}:http").GetChildren()
           where !string.IsNullOrWhiteSpace(address.Value)
           select new Uri(address.Value!),
    ];
}

/// <summary>Routes say <c>http://users</c>: each replica of users becomes a destination with its own health check.</summary>
/// <remarks>The routes of a service without an address answer 503; the rest works.</remarks>
internal sealed class ResolveServiceNames(ServiceAddresses addresses, IOptions<GatewayOptions> options) : IProxyConfigFilter
{
    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel)
    {
        var replicas =
            from named in cluster.Destinations ?? new Dictionary<string, DestinationConfig>()
            let service = new Uri(named.Value.Address).Host
            from address in addresses.Of(service).Select((uri, number) => (Name: $"{service}-{number}", Uri: uri))
            select KeyValuePair.Create(address.Name, new DestinationConfig { Address = address.Uri.ToString() });

        return ValueTask.FromResult(cluster with
        {
            Destinations = new Dictionary<string, DestinationConfig>(replicas),
            LoadBalancingPolicy = "PowerOfTwoChoices",
            HealthCheck = new HealthCheckConfig
            {
                // If every replica looks unhealthy, the probe may be at fault, or they may have recovered: try them all.
                AvailableDestinationsPolicy = "HealthyOrPanic",
                Active = new ActiveHealthCheckConfig
                {
                    Enabled = true,
                    Interval = options.Value.HealthCheckEvery,
                    Timeout = options.Value.HealthCheckEvery,
                    Policy = "ConsecutiveFailures",
                    // Also 200 while the broker is down: events wait in the outbox, so the replica can serve.
                    Path = "/health/ready",
                },
            },
            HttpRequest = (cluster.HttpRequest ?? new()) with { ActivityTimeout = options.Value.UpstreamTimeout },
            // As Kestrel reads them. The client's default, ASCII, could not pass on headers in other alphabets.
            HttpClient = (cluster.HttpClient ?? new()) with { RequestHeaderEncoding = "utf-8" },
        });
    }

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) => ValueTask.FromResult(route);
}
