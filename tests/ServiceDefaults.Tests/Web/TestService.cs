using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Startup;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Web;

/// <summary>A small service with the defaults, on a real port and database.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestService(WebApplication app) => _app = app;

    public required ManualClock Clock { get; init; }

    public IServiceProvider Services => _app.Services;

    public HttpClient Anyone => Client(token: null);

    public static async Task<TestService> Start(
        TestDatabase database,
        Action<WebApplication> map,
        CancellationToken ct,
        ManualClock? clock = null,
        bool createsKeys = true,
        string environment = "Test",
        Action<WebApplicationBuilder>? configure = null,
        params (string Key, string? Value)[] settings)
    {
        clock ??= new ManualClock();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        builder.Configuration["ConnectionStrings:database"] ??= database.Service("users");
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults("users", createsKeys);
        builder.AddPlatformDatabase<TestDb>();
        builder.Services.AddValidation();
        builder.Services.RemoveAll<TimeProvider>();
        builder.Services.AddSingleton<TimeProvider>(clock);
        if (environment == "Test")
        {
            // The rules of Production apply outside Development, but tests have no production secrets.
            builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(EnforceProductionRules)));
        }

        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        configure?.Invoke(builder);

        var app = builder.Build();
        try
        {
            app.UseServiceDefaults();
            map(app);
            await app.StartAsync(ct);
            return new TestService(app) { Clock = clock };
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public string Token(TokenSubject subject, TimeSpan? lifetime = null) =>
        Services.GetRequiredService<AccessTokens>().Issue(subject, lifetime ?? TimeSpan.FromMinutes(10));

    public HttpClient Client(string? token) => new()
    {
        BaseAddress = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
        DefaultRequestHeaders = { Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) },
    };

    public HttpClient As(Role role, long user = 5) => Client(Token(role switch
    {
        Role.Guest => new TokenSubject(role, TelegramId: new TelegramId(77_000_077)),
        Role.Client => new TokenSubject(role, new UserId(user), new TelegramId(77_000_077)),
        Role.Service => new TokenSubject(role, Actor: "letters"),
        _ => new TokenSubject(role, StaffId: new StaffId(user)),
    }));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

internal sealed class TestDb(DbContextOptions<TestDb> options) : PlatformDb(options, "users");

internal static class AnswerJson
{
    public static JsonNode Node(this Answer answer) => JsonNode.Parse(answer.Body)!;
}
