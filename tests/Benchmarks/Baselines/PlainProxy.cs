using Platform.Benchmarks.Platform;
using Platform.Testing;
using Yarp.ReverseProxy.Configuration;

namespace Platform.Benchmarks.Baselines;

/// <summary>The cost of a gateway and a service that do nothing: YARP with one route, and a backend with an empty answer.</summary>
internal sealed class PlainProxy
{
    public const string Backend = "plain-backend";
    public const string Proxy = "plain-proxy";

    private PlainProxy(Uri throughProxy, Uri direct) => (ThroughProxy, Direct) = (throughProxy, direct);

    public Uri ThroughProxy { get; }

    public Uri Direct { get; }

    public static async Task<PlainProxy> Start(Processes processes, CancellationToken ct)
    {
        var backend = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var proxy = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var program = typeof(PlainProxy).Assembly.Location;
        processes.StartProgram(Backend, program, [Backend], SettingsAt(backend));
        processes.StartProgram(Proxy, program, [Proxy, backend.ToString()], SettingsAt(proxy));
        using var client = new HttpClient();
        await Eventually.Passes(async () => await client.GetStringAsync(proxy, ct), ct);
        return new PlainProxy(proxy, backend);
    }

    public static Task RunBackend()
    {
        var app = Create().Build();
        app.MapGet("/", () => Results.Ok());
        return app.RunAsync();
    }

    public static Task RunProxy(string backend)
    {
        var builder = Create();
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "backend", Match = new RouteMatch { Path = "/{**rest}" } }],
            [
                new ClusterConfig
                {
                    ClusterId = "backend",
                    Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = backend } },
                },
            ]);
        var app = builder.Build();
        app.MapReverseProxy();
        return app.RunAsync();
    }

    private static WebApplicationBuilder Create()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        return builder;
    }

    private static IEnumerable<KeyValuePair<string, string>> SettingsAt(Uri address) =>
        [new("ASPNETCORE_URLS", address.ToString()), new("DOTNET_ENVIRONMENT", "Production"), new("ASPNETCORE_ENVIRONMENT", "Production")];
}
