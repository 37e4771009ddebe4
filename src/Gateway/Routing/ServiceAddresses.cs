using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;

namespace Platform.Gateway.Routing;

/// <summary>Where the replicas of a service listen: <c>services:&lt;name&gt;:http:0</c>, <c>:1</c> and so on, as the app host sets them.</summary>
internal sealed class ServiceAddresses(IConfiguration configuration)
{
    public IReadOnlyList<Uri> Of(string service) =>
    [
        .. from address in configuration.GetSection($"services:{service}:http").GetChildren()
           where !string.IsNullOrWhiteSpace(address.Value)
           select new Uri(address.Value!),
    ];
}

/// <summary>
/// Puts real addresses in the place of service names: the routes' configuration says <c>http://users</c>, and each replica
/// of users becomes a destination with its own health check.
/// </summary>
/// <remarks>A service without an address stays without destinations: its routes answer 503 and the rest works.</remarks>
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
                // When every replica looks ill, the probe may be what is wrong, or they are back since: calls try them all.
                AvailableDestinationsPolicy = "HealthyOrPanic",
                Active = new ActiveHealthCheckConfig
                {
                    Enabled = true,
                    Interval = options.Value.HealthCheckEvery,
                    Timeout = options.Value.HealthCheckEvery,
                    Policy = "ConsecutiveFailures",
                    // 200 also while the broker is away: writes go on into the outbox, so the replica stays in.
                    Path = "/health/ready",
                },
            },
            HttpRequest = (cluster.HttpRequest ?? new()) with { ActivityTimeout = options.Value.UpstreamTimeout },
            // As the server reads them: with the client's own default, ASCII, a letter of any other alphabet in a header could not be sent on.
            HttpClient = (cluster.HttpClient ?? new()) with { RequestHeaderEncoding = "utf-8" },
        });
    }

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) => ValueTask.FromResult(route);
}
