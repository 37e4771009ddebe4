using System.Collections.ObjectModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

public sealed class DistributedApplicationOptions
{
    public string[]? Args { get; set; }

    public bool AllowUnsecuredTransport { get; set; }

    public bool EnableResourceLogging { get; set; }
}

public class DistributedApplicationException(string message) : Exception(message);

public interface IProjectMetadata : IResourceAnnotation
{
    string ProjectPath { get; }

    bool SuppressBuild => false;

    /// <summary>The built assembly. The real app host finds it through <c>dotnet run</c>, which costs a second a process.</summary>
    internal string TargetPath { get; }
}

public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

public interface IDistributedApplicationBuilder
{
    ConfigurationManager Configuration { get; }

    string AppHostDirectory { get; }

    IHostEnvironment Environment { get; }

    IServiceCollection Services { get; }

    IResourceCollection Resources { get; }

    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    DistributedApplication Build();
}

public class DistributedApplication(IHost host)
{
    internal const string Dashboard = "aspire-dashboard";

    public IServiceProvider Services => host.Services;

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new Builder(options);

    public virtual Task RunAsync(CancellationToken cancellationToken = default) => host.RunAsync(cancellationToken);

    public void Run() => host.Run();

    private sealed class Builder : IDistributedApplicationBuilder
    {
        private readonly HostApplicationBuilder _host;

        public Builder(DistributedApplicationOptions options)
        {
            _host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = options.Args });
            _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None);
            _host.Services.AddHealthChecks();
            _host.Services.AddSingleton(Resources);
            _host.Services.AddSingleton(_ => new ResourceNotificationService());
            _host.Services.AddSingleton(services => new ResourceCommandService(services.GetRequiredService<Orchestrator>()));
            _host.Services.AddSingleton<Orchestrator>();
            _host.Services.AddHostedService(services => services.GetRequiredService<Orchestrator>());
            // Longer than the orchestrator gives its processes.
            _host.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMinutes(2));
            AddDashboard();
        }

        public ConfigurationManager Configuration => _host.Configuration;

        public IHostEnvironment Environment => _host.Environment;

        public IServiceCollection Services => _host.Services;

        public IResourceCollection Resources { get; } = new ResourceCollection();

        public string AppHostDirectory { get; } = Assembly.GetEntryAssembly()!.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "AppHostProjectPath").Value!;

        public IResourceBuilder<T> AddResource<T>(T resource)
            where T : IResource
        {
            if (Resources.Any(other => other.Name == resource.Name))
            {
                throw new DistributedApplicationException($"There are two resources named '{resource.Name}'.");
            }

            Resources.Add(resource);
            return new ResourceBuilder<T>(this, resource);
        }

        public DistributedApplication Build() => new(_host.Build());

        // The real dashboard, from wherever ASPIRE_DASHBOARD_PATH says: the setting that the real app host knows too.
        private void AddDashboard()
        {
            if (Configuration["ASPIRE_DASHBOARD_PATH"] is not { Length: > 0 } path)
            {
                return;
            }

            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            var dashboard = this.AddExecutable(Dashboard, path, folder, "dashboard")
                // Its own keys and settings go beside it and not into the user's home.
                .WithEnvironment("HOME", folder)
                .WithEnvironment("LOGGING__LOGLEVEL__DEFAULT", "Warning");
            foreach (var key in (string[])["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"])
            {
                dashboard.WithEnvironment(key, Configuration[key]);
            }
        }
    }

    private sealed class ResourceCollection : Collection<IResource>, IResourceCollection;

    private sealed class ResourceBuilder<T>(IDistributedApplicationBuilder builder, T resource) : IResourceBuilder<T>
        where T : IResource
    {
        public IDistributedApplicationBuilder ApplicationBuilder => builder;

        public T Resource => resource;

        public IResourceBuilder<T> WithAnnotation<TAnnotation>(
            TAnnotation annotation, ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
            where TAnnotation : IResourceAnnotation
        {
            resource.Annotations.Add(annotation);
            return this;
        }
    }
}
