using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Platform.Gateway.Docs;
using Platform.Gateway.Export;
using Platform.Gateway.Health;
using Platform.Gateway.Landing;
using Platform.Gateway.Limits;
using Platform.Gateway.Routing;
using Platform.Gateway.Security;

namespace Platform.Gateway;

/// <summary>The table of contents: what stands between a caller and the services. The routes are in <c>appsettings.json</c>.</summary>
internal static class GatewayModule
{
    /// <summary>Shorter than the time-out of an answer: a replica that accepts no connection is given up sooner.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    public static void AddGateway(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GatewayOptions>, ValidateGatewayOptions>();
        services.AddSingleton<IValidateOptions<GatewayOptions>, ValidateLimitShares>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<GatewayOptions>>((server, gateway) =>
        {
            server.Limits.MaxRequestBodySize = gateway.Value.MaxBodyBytes;
            RequestShape.RaiseServerLimits(server.Limits);
        });

        services.AddCallerLimits();
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<GatewayOptions>>((cors, gateway) => cors.AddDefaultPolicy(origins => origins
            .WithOrigins([.. gateway.Value.CorsOrigins])
            .AllowAnyMethod()
            .WithHeaders("Authorization", "Content-Type", "Idempotency-Key")
            .WithExposedHeaders("Location", "Retry-After")
            .SetPreflightMaxAge(TimeSpan.FromMinutes(10))));

        services.AddSingleton<ServiceAddresses>();
        services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            .AddConfigFilter<ResolveServiceNames>()
            .AddTransforms(HeadersToServices.Transform)
            .ConfigureHttpClient((_, handler) => handler.ConnectTimeout = ConnectTimeout);

        // It logs an unavailable replica with a stack at every check. Leaving and returning are logged once, elsewhere.
        builder.Logging.AddFilter("Yarp.ReverseProxy.Health.ActiveHealthCheckMonitor", LogLevel.Error);

        services.AddSingleton<PersonalExport>();
        services.AddHttpClient(PersonalExport.HttpClientName, client => client.Timeout = PersonalExport.ResponseTimeout);
        services.AddHttpClient(Documentation.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(3));
        builder.AddPlatformHealth();
    }

    /// <summary>Checks that run before the caller is known: call it before <c>UseServiceDefaults</c>.</summary>
    public static void UseRequestChecks(this WebApplication app)
    {
        app.UseMiddleware<AccessLog>();
        app.Use(SecurityHeaders.Add);
        app.UseCors();
        app.Use(RequestShape.Check);
        app.UseMiddleware<BodyLimit>();
    }

    public static void MapGateway(this WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<BotTokenCalls>().Guard);
        app.UseRateLimiter();
        if (app.Environment.IsDevelopment())
        {
            app.UseDocumentation();
        }

        app.MapLandingPage();
        PersonalExport.Map(app);
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(UpstreamFaults.AnswerWithProblem);
            proxy.Use(ReadRetry.Invoke);
            proxy.UseLoadBalancing();
        });
    }
}
