using System.Collections.Concurrent;
using System.Net;

namespace Platform.Gateway.Tests;

/// <summary>A stand-in for a service: a real server on a free port that records calls and answers as the test says.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Upstream(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Calls from callers, without the gateway's own for health and documents.</summary>
    public ConcurrentQueue<Call> Calls { get; } = new();

    public RequestDelegate Answer { get; set; } = context => context.Response.WriteAsJsonAsync(new { ok = true });

    public RequestDelegate Ready { get; set; } = Report("healthy", ("database", "healthy"), ("broker", "healthy"));

    public RequestDelegate OpenApi { get; set; } = context =>
    {
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    };

    public static async Task<Upstream> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.Listen(IPAddress.Loopback, 0);
            // Same limits as in the services.
            server.Limits.MaxRequestLineSize = 32 * 1024;
            server.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
            server.Limits.MaxRequestHeaderCount = 200;
        });
        var app = builder.Build();
        var upstream = new Upstream(app);
        app.Run(upstream.Handle);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return upstream;
    }

    /// <summary>A service's readiness report; 503 when unhealthy.</summary>
    public static RequestDelegate Report(string status, params (string Name, string Status)[] checks) => context =>
    {
        context.Response.StatusCode = status == "unhealthy" ? 503 : 200;
        return context.Response.WriteAsJsonAsync(new { status, checks = checks.Select(check => new { name = check.Name, status = check.Status, ms = 1.5 }) });
    };

    private async Task Handle(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/health/ready":
                await Ready(context);
                return;
            case "/openapi/v1.json":
                await OpenApi(context);
                return;
            default:
                Calls.Enqueue(new Call(
                    context.Request.Method,
                    context.Request.Path,
                    context.Request.QueryString.ToString(),
                    context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
                await Answer(context);
                return;
        }
    }

    /// <summary>Like a killed process: the port refuses connections.</summary>
    public Task Stop() => _app.StopAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

internal sealed record Call(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers);
