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

/// <summary>What every service of the platform has in common, apart from its database and its messages.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Largest request body, unless an endpoint says otherwise.</summary>
    private const long BodySize = 1024 * 1024;

    /// <summary>How long an answer may take to begin, unless the setting <c>RequestTimeout</c> says otherwise.</summary>
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Telemetry, logs, health, problems, JSON, access tokens, documentation, the clock, limits on body and time.
    /// </summary>
    /// <remarks>
    /// Validation is the one thing left to the service: the framework's <c>AddValidation()</c> is source-generated and sees
    /// only the project that calls it. A service that forgets it does not start (<see cref="EndpointRules"/>).
    /// </remarks>
    /// <param name="service">The service's name: of its schema, its queue, its logs and its telemetry.</param>
    /// <param name="createsKeys">Whether it makes the keys of the tokens: Users alone does.</param>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, string service, bool createsKeys = false)
    {
        var services = builder.Services;
        services.AddSingleton(new ServiceName(service));
        services.TryAddSingleton(OffsetClock.From(builder.Configuration));

        services.AddProductionRules();
        services.AddHostedService<KeepProductionRules>();
        services.AddHostedService<EndpointRules>();

        builder.AddObservability(service);

        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.AddSingleton<WholeBody>();
        services.AddExceptionHandler<ProblemOfException>();
        services.ConfigureHttpJsonOptions(json => PlatformJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodySize;
            // What passes the gateway's limits fits in here with all that the gateway adds to it.
            kestrel.Limits.MaxRequestLineSize = 32 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 200;
        });
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = builder.Configuration.GetValue("RequestTimeout", RequestTime),
            TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
        });
        builder.BelieveProxies();
        builder.AddTokens(createsKeys);

        services.AddHttpContextAccessor();
        services.AddSingleton<Audit>();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<KeyTurns>();

        if (builder.Environment.IsDevelopment())
        {
            services.AddOpenApiDocument(service);
        }

        return builder;
    }

    /// <summary>The part that also a program has which is no service of the platform: logs, telemetry, health.</summary>
    public static WebApplicationBuilder AddObservability(this WebApplicationBuilder builder, string name)
    {
        builder.AddLogs(name);
        builder.AddTelemetry(name);
        builder.Services.AddHealthChecks();
        return builder;
    }

    /// <summary>The part of the pipeline that belongs to <see cref="AddObservability"/>. It goes first.</summary>
    public static WebApplication UseObservability(this WebApplication app)
    {
        app.UseRouting();
        app.MapHealth();
        return app;
    }

    /// <summary>
    /// The service's database (<see cref="DatabaseExtensions.AddServiceDatabase{TDb}"/>), and what of the defaults works on
    /// <see cref="PlatformTables"/>: revoked users, and the purge of old idempotency keys.
    /// </summary>
    public static IHostApplicationBuilder AddPlatformDatabase<TDb>(this IHostApplicationBuilder builder) where TDb : PlatformDb
    {
        builder.AddServiceDatabase<TDb>();
        builder.Services.AddHostedService<ReadRevokedUsers>();
        builder.Services.AddHealthChecks().AddCheck<RevokedUsersAreRead>("blocked users");
        builder.AddJob<ForgetOldRequests>(every: TimeSpan.FromHours(1));
        return builder;
    }

    /// <summary>The pipeline up to the endpoints. Map them after it.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages(static empty => Problems.For(PlatformErrors.ForStatus(empty.HttpContext.Response.StatusCode)).ExecuteAsync(empty.HttpContext));
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        app.Use(RefuseNull);
        app.Use(RefuseOtherCharsets);
        app.Use(KeepSmallBodies);
        app.UseRouting();
        app.UseRequestTimeouts();
        app.Use(LetWhatHasBegunGoOn);
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapHealth();
        if (app.Environment.IsDevelopment())
        {
            app.MapOpenApi().AllowAnonymous();
        }

        return app;
    }

    // The limit is on how long an answer takes to begin: by then nobody can be told 504 any more, and a stream of events or a long
    // file goes on as long as somebody reads it. Who reads too slowly is cut off by the server.
    private static Task LetWhatHasBegunGoOn(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static begun =>
        {
            // Null once the time is no longer taken, as when what answers is a handler of faults.
            ((HttpContext)begun).Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
            return Task.CompletedTask;
        }, context);
        return next(context);
    }

    // The character U+0000 in a query: PostgreSQL's text cannot hold it. Kestrel refuses it in a path by itself.
    private static Task RefuseNull(HttpContext context, RequestDelegate next) =>
        context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) is true
            ? Problems.For(PlatformErrors.RequestInvalid).ExecuteAsync(context)
            : next(context);

    // JSON is UTF-8 (RFC 8259), and the framework takes a charset that it does not know for our own mistake.
    private static Task RefuseOtherCharsets(HttpContext context, RequestDelegate next) =>
        context.Request.HasJsonContentType()
        && MediaTypeHeaderValue.Parse(context.Request.ContentType).Charset is { HasValue: true } charset
        && !HeaderUtilities.RemoveQuotes(charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? Problems.For(PlatformErrors.UnsupportedMediaType).ExecuteAsync(context)
            : next(context);

    private static Task KeepSmallBodies(HttpContext context, RequestDelegate next)
    {
        if (context.Request.HasJsonContentType())
        {
            WholeBody.Keep(context.Request);
        }

        return next(context);
    }

    private static void AddTokens(this WebApplicationBuilder builder, bool createsKeys)
    {
        var services = builder.Services;
        services.AddPlatformKeys(
            builder.Configuration, createsKeys, provider => new KeysInDatabase(provider.GetRequiredService<NpgsqlDataSource>(), TimeProvider.System));
        services.AddSingleton<XmlKeyManager>();
        services.AddSingleton<FollowedKeys>();
        services.AddSingleton<IKeyManager>(provider => provider.GetRequiredService<FollowedKeys>());
        services.AddHostedService<FollowKeys>();

        services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken();
        services.AddOptions<BearerTokenOptions>(BearerTokenDefaults.AuthenticationScheme)
            .PostConfigure<IDataProtectionProvider>((bearer, protection) =>
                bearer.BearerTokenProtector = new ProtectedTicketFormat(protection.CreateProtector(AccessTokens.Purpose)));
        services.AddSingleton<AccessTokens>();
        services.AddServiceTickets();

        services.AddAuthorization();
        services.AddSingleton<RevokedUsers>();
        services.AddSingleton<IAuthorizationHandler, CheckRole>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AnswerRefusedCaller>();
    }
}
