using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Net.Http.Headers;
using Npgsql;
using Platform.Database;
using Platform.Database.Jobs;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Errors;
using Platform.ServiceDefaults.Web.Health;
using Platform.ServiceDefaults.Web.Json;
using Platform.ServiceDefaults.Web.Keys;
using Platform.ServiceDefaults.Web.OpenApi;
using Platform.ServiceDefaults.Web.ServiceTickets;
using Platform.ServiceDefaults.Web.Startup;
using Platform.ServiceDefaults.Web.Telemetry;

namespace Platform.ServiceDefaults;

/// <summary>What all services have in common beside their messages: telemetry, health, errors, tokens, limits.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Largest request body, in bytes, unless the endpoint sets its own limit.</summary>
    private const long MaxBodySize = 1024 * 1024;

    /// <summary>How long a response may take to start. The setting <c>RequestTimeout</c> overrides it.</summary>
    private static readonly TimeSpan DefaultRequestTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Telemetry, logs, health, problems, JSON, access tokens, documentation, the clock, and limits on body size and time.</summary>
    /// <remarks>The service itself must call <c>AddValidation()</c>, which sees only its caller's project; <see cref="EndpointRules"/> checks it.</remarks>
    /// <param name="service">The service's name, also used for its schema, queue, logs and telemetry.</param>
    /// <param name="createsKeys">Whether it creates the token keys. Only Users does.</param>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, string service, bool createsKeys = false)
    {
        var services = builder.Services;
        services.AddSingleton(new ServiceName(service));
        services.TryAddSingleton(OffsetClock.From(builder.Configuration));

        services.AddProductionRules();
        services.AddHostedService<EnforceProductionRules>();
        services.AddHostedService<EndpointRules>();

        builder.AddObservability(service);

        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.AddSingleton<BodyRevalidation>();
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.ConfigureHttpJsonOptions(json => PlatformJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodySize;
            // Larger than the gateway's limits, which adds headers of its own.
            kestrel.Limits.MaxRequestLineSize = 32 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 200;
        });
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = builder.Configuration.GetValue("RequestTimeout", DefaultRequestTimeout),
            TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
        });
        builder.TrustProxies();
        builder.AddTokens(createsKeys);

        services.AddHttpContextAccessor();
        services.AddSingleton<Audit>();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<KeyLocks>();

        if (builder.Environment.IsDevelopment())
        {
            services.AddOpenApiDocument(service);
        }

        return builder;
    }

    /// <summary>Logs, telemetry and health, for programs that are not services too.</summary>
    public static WebApplicationBuilder AddObservability(this WebApplicationBuilder builder, string name)
    {
        builder.AddLogs(name);
        builder.AddTelemetry(name);
        builder.Services.AddHealthChecks();
        return builder;
    }

    /// <summary>The middleware of <see cref="AddObservability"/>. Call it first.</summary>
    public static WebApplication UseObservability(this WebApplication app)
    {
        app.UseRouting();
        app.MapHealth();
        return app;
    }

    /// <summary>The service's database, and what uses <see cref="PlatformTables"/>: revoked users, and the purge of old idempotency keys.</summary>
    public static IHostApplicationBuilder AddPlatformDatabase<TDb>(this IHostApplicationBuilder builder) where TDb : PlatformDb
    {
        builder.AddServiceDatabase<TDb>();
        builder.Services.AddHostedService<RefreshRevokedUsers>();
        builder.Services.AddHealthChecks().AddCheck<RevokedUsersLoadedCheck>("blocked users");
        builder.AddJob<PurgeOldRequests>(every: TimeSpan.FromHours(1));
        return builder;
    }

    /// <summary>The middleware before the endpoints. Map endpoints after it.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages(static empty => Problems.For(PlatformErrors.ForStatus(empty.HttpContext.Response.StatusCode)).ExecuteAsync(empty.HttpContext));
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        app.Use(RefuseNullCharacter);
        app.Use(RefuseOtherCharsets);
        app.Use(BufferSmallBodies);
        app.UseRouting();
        app.UseRequestTimeouts();
        app.Use(StopTimeoutOnceResponseStarts);
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapHealth();
        if (app.Environment.IsDevelopment())
        {
            app.MapOpenApi().AllowAnonymous();
        }

        return app;
    }

    // Once a response has started it can no longer become a 504, and streams and large files may take long. The server cuts off
    // slow readers itself.
    private static Task StopTimeoutOnceResponseStarts(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static started =>
        {
            // Null when the timeout has been removed already, for example by the exception handler.
            ((HttpContext)started).Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
            return Task.CompletedTask;
        }, context);
        return next(context);
    }

    // PostgreSQL's text cannot hold U+0000. In a path, Kestrel refuses it itself.
    private static Task RefuseNullCharacter(HttpContext context, RequestDelegate next) =>
        context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) is true
            ? Problems.For(PlatformErrors.RequestInvalid).ExecuteAsync(context)
            : next(context);

    // JSON is UTF-8 (RFC 8259). The framework would answer 500 to a charset that it does not know.
    private static Task RefuseOtherCharsets(HttpContext context, RequestDelegate next) =>
        context.Request.HasJsonContentType()
        && MediaTypeHeaderValue.Parse(context.Request.ContentType).Charset is { HasValue: true } charset
        && !HeaderUtilities.RemoveQuotes(charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? Problems.For(PlatformErrors.UnsupportedMediaType).ExecuteAsync(context)
            : next(context);

    private static Task BufferSmallBodies(HttpContext context, RequestDelegate next)
    {
        if (context.Request.HasJsonContentType())
        {
            BodyRevalidation.Buffer(context.Request);
        }

        return next(context);
    }

    private static void AddTokens(this WebApplicationBuilder builder, bool createsKeys)
    {
        var services = builder.Services;
        services.AddPlatformKeys(
            builder.Configuration, createsKeys, provider => new KeysInDatabase(provider.GetRequiredService<NpgsqlDataSource>(), TimeProvider.System));
        services.AddSingleton<XmlKeyManager>();
        services.AddSingleton<RefreshableKeys>();
        services.AddSingleton<IKeyManager>(provider => provider.GetRequiredService<RefreshableKeys>());
        services.AddHostedService<RefreshKeys>();

        services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken();
        services.AddOptions<BearerTokenOptions>(BearerTokenDefaults.AuthenticationScheme)
            .PostConfigure<IDataProtectionProvider>((bearer, protection) =>
                bearer.BearerTokenProtector = new ProtectedTicketFormat(protection.CreateProtector(AccessTokens.Purpose)));
        services.AddSingleton<AccessTokens>();
        services.AddServiceTickets();

        services.AddAuthorization();
        services.AddSingleton<RevokedUsers>();
        services.AddSingleton<IAuthorizationHandler, RoleHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, ProblemAuthorizationResultHandler>();
    }
}
