using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

public static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(new TProject());
        return project.WithAnnotation(new EnvironmentNote(environment =>
        {
            var urls = project.Resource.Annotations.OfType<EndpointNote>().Select(endpoint => endpoint.Url).ToArray();
            if (urls.Length > 0)
            {
                environment["ASPNETCORE_URLS"] = string.Join(';', urls);
            }

            if (builder.Configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] is { Length: > 0 } telemetry)
            {
                environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = telemetry;
                environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
            }

            environment["OTEL_SERVICE_NAME"] = name;
            environment["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={Guid.NewGuid():N}";
            environment["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
            if (builder.Environment.IsDevelopment())
            {
                // What the dashboard shows is a second old, and complete.
                environment["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
                environment["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
                environment["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
                environment["OTEL_TRACES_SAMPLER"] = "always_on";
                environment["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
            }
        }));
    }
}

public static class ExecutableResourceBuilderExtensions
{
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        builder.AddResource(new ExecutableResource(name, command, Path.GetFullPath(workingDirectory, builder.AppHostDirectory)))
            .WithArgs(args ?? []);
}

public static class ParameterResourceBuilderExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(
        this IDistributedApplicationBuilder builder, string name, string configurationKey, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, () => builder.Configuration[configurationKey]
            ?? throw new DistributedApplicationException($"Parameter '{name}' has no value: '{configurationKey}' is not configured.")));
}

public static class ResourceBuilderExtensions
{
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment =>
        builder.WithAnnotation(new EnvironmentNote(environment => environment[name] = value ?? ""));

    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment =>
        builder.WithAnnotation(new EnvironmentNote(environment => environment[name] = parameter.Resource.Value()));

    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs =>
        builder.WithAnnotation(new ArgumentsNote(args));

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment =>
        builder.WithAnnotation(new EnvironmentNote(environment =>
        {
            foreach (var (index, endpoint) in source.Resource.Annotations.OfType<EndpointNote>().Index())
            {
                environment[$"services__{source.Resource.Name}__http__{index.ToString(CultureInfo.InvariantCulture)}"] = endpoint.Url;
            }
        }));

    /// <remarks>There is no proxy here: the process listens on the port itself, as with <paramref name="isProxied"/> false.</remarks>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints =>
        builder.WithAnnotation(new EndpointNote(name ?? "http", targetPort ?? port
            ?? throw new DistributedApplicationException($"'{builder.Resource.Name}' needs a port: here none is chosen for it.")));

    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport =>
        builder.WithAnnotation(new WaitNote(dependency.Resource, ExitCode: null));

    public static IResourceBuilder<T> WaitForCompletion<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport =>
        builder.WithAnnotation(new WaitNote(dependency.Resource, exitCode));

    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key)
        where T : IResource =>
        builder.WithAnnotation(new HealthNote(key));

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        var address = new Uri(new Uri(builder.Resource.Annotations.OfType<EndpointNote>().Single().Url), path ?? "/");
        var key = $"{builder.Resource.Name}_{address.AbsolutePath}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().AddAsyncCheck(key, async cancellationToken =>
        {
            using var response = await Http.GetAsync(address, cancellationToken);
            return (int)response.StatusCode == (statusCode ?? 200) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
        });
        return builder.WithHealthCheck(key);
    }

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };
}
