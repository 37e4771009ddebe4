using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Gateway.Routing;

namespace Platform.Gateway.Health;

/// <summary><c>/health/ready</c> of the whole platform: each service, the broker as the services report it, and the database.</summary>
internal static class PlatformHealth
{
    /// <summary>Name of the check in a service's report that covers the broker.</summary>
    public const string Broker = "broker";

    public static void AddPlatformHealth(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(ServiceReports.HttpClientName);
        builder.Services.AddSingleton<ServiceReports>();

        var checks = builder.Services.AddHealthChecks();
        // A service without an address is not part of this installation.
        var addresses = new ServiceAddresses(builder.Configuration);
        var services = builder.Configuration.GetSection("ReverseProxy:Clusters").GetChildren().Select(cluster => cluster.Key)
            .Where(service => addresses.Of(service).Count > 0).ToArray();
        foreach (var service in services)
        {
            checks.Add(new HealthCheckRegistration(
                service, provider => new ServiceHealth(service, provider.GetRequiredService<ServiceReports>()), HealthStatus.Unhealthy, tags: null));
        }

        var all = builder.Services.Single(service => service.ServiceType == typeof(HealthCheckService));
        builder.Services.Replace(ServiceDescriptor.Singleton<HealthCheckService>(
            provider => new CachedHealthChecks((HealthCheckService)ActivatorUtilities.CreateInstance(provider, all.ImplementationType!))));

        checks.Add(new HealthCheckRegistration(
            Broker, provider => new BrokerHealth(services, provider.GetRequiredService<ServiceReports>()), HealthStatus.Degraded, tags: null));
    }

    /// <summary>A service is as ready as its best replica.</summary>
    private sealed class ServiceHealth(string service, ServiceReports reports) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            new((await reports.Of(service, cancellationToken)).Status);
    }

    /// <summary>Degraded when any service has lost the broker. Events wait in the outboxes, so nothing is refused.</summary>
    private sealed class BrokerHealth(IReadOnlyList<string> services, ServiceReports reports) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var seen = await Task.WhenAll(services.Select(service => reports.Of(service, cancellationToken)));
            var known = seen.Select(report => report.Broker).OfType<HealthStatus>().ToArray();
            return known.Length > 0 && known.All(status => status is HealthStatus.Healthy) ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded();
        }
    }
}
