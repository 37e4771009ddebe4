using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Startup;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Web;

public sealed class StartupTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public sealed record Elements(LimitedItem[] Items);

    public sealed record LimitedItem([StringLength(5)] string Name);

    public sealed record Bare(string? Name);

    internal sealed record Internal([StringLength(5)] string Name);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.Create();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_route_without_authorization_rules_stops_the_start() =>
        (await Refusal(app => app.MapGet("/open", () => "anyone"))).ShouldContain("RequireRole or AllowAnonymous");

    [Fact]
    public async Task An_undocumented_route_stops_the_start_in_Development()
    {
        var complaint = await Refusal(app => app.MapPost("/bare", Ok<Bare> (Bare body) => TypedResults.Ok(body)).AllowAnonymous(), environment: "Development");

        complaint.ShouldContain("WithSummary");
        complaint.ShouldContain("example of the request");
        complaint.ShouldContain("example of the response");
    }

    [Fact]
    public async Task Validation_limits_that_would_not_be_checked_stop_the_start()
    {
        (await Refusal(app => app.MapPost("/internal", (Internal body) => body.Name).AllowAnonymous())).ShouldContain("would not be checked");
        (await Refusal(app => app.MapPost("/array", (Elements body) => body.Items.Length).AllowAnonymous())).ShouldContain("would not be checked");
        (await Refusal(app => app.MapGet("/query", ([Range(1, 5)] int limit) => limit).AllowAnonymous(),
            builder => builder.Services.Configure<Microsoft.Extensions.Validation.ValidationOptions>(RemoveResolvers))).ShouldContain("would not be checked");
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    [InlineData("Prod")]
    public async Task Environments_other_than_Development_require_real_keys_and_secrets(string environment)
    {
        var complaint = await Refusal(_ => { }, builder => builder.Services.AddProductionSecret("BOT_API_KEY"), environment,
            ("Time:Offset", "1.00:00:00"), ("ConnectionStrings:rabbitmq", "amqp://guest:guest@localhost:5672/"), ("BOT_API_KEY", "short-but-not-a-placeholder"),
            ("ConnectionStrings:other", "Host=localhost;Username=other;Password=fifteen-letters"));

        complaint.ShouldContain($"does not start in {environment}");
        complaint.ShouldContain("ConnectionStrings:other has a password of less than 16 characters");
        complaint.ShouldNotContain("fifteen-letters");

        complaint.ShouldContain("Keys:Certificate:Path is missing");
        complaint.ShouldContain("Proxies is missing");
        complaint.ShouldContain("Time:Offset");
        complaint.ShouldContain("ConnectionStrings:rabbitmq has a placeholder");
        complaint.ShouldContain("BOT_API_KEY is shorter than 32");
        complaint.ShouldNotContain("short-but-not");
    }

    [Fact]
    public async Task Production_encrypts_keys_with_the_certificate_and_serves_no_OpenAPI_document()
    {
        await _database.Execute("truncate platform.keys", Ct);
        // Production refuses the password that the tests' roles have.
        var (role, password) = ($"users_{Guid.NewGuid():n}", $"{Guid.NewGuid():n}");
        await _database.Execute($"create role {role} login password '{password}' in role users; alter role {role} set search_path = users", Ct);
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.pfx");
        using (var rsa = RSA.Create(2048))
        {
            using var certificate = new CertificateRequest("CN=keys", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            await File.WriteAllBytesAsync(path, certificate.Export(X509ContentType.Pkcs12, "of the test"), Ct);
        }

        try
        {
            var connection = new NpgsqlConnectionStringBuilder(_database.Service("users")) { Username = role, Password = password };
            (string, string?)[] settings = [("ConnectionStrings:database", connection.ConnectionString), ("Keys:Certificate:Path", path),
                ("Keys:Certificate:Password", "of the test"), ("Proxies", "none")];
            await using var users = await TestService.Start(_database, MapMe, Ct, environment: "Production", settings: settings);
            await using var other = await TestService.Start(_database, MapMe, Ct, environment: "Production", createsKeys: false, settings: settings);

            using var client = other.Client(users.Token(new TokenSubject(Role.Client, new UserId(5))));
            (await client.GetAsync("/me", Ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await client.GetAsync("/openapi/v1.json", Ct)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

            var key = (await _database.Scalar<string>("select xml from platform.keys", Ct))!;
            key.ShouldContain("EncryptedData");
            key.ShouldNotContain("<value>");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_clock_can_be_shifted()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Time:Offset", "2.00:00:00")]).Build();

        (OffsetClock.From(configuration).GetUtcNow() - DateTimeOffset.UtcNow).ShouldBe(TimeSpan.FromDays(2), TimeSpan.FromMinutes(1));
        OffsetClock.From(new ConfigurationBuilder().Build()).ShouldBe(TimeProvider.System);
    }

    [Theory]
    [InlineData(null, "127.0.0.1")]
    [InlineData("none", "127.0.0.1")]
    [InlineData("::ffff:127.0.0.1", "203.0.113.7")]
    [InlineData("10.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.7")]
    [InlineData("10.0.0.1, 127.0.0.0/8", "203.0.113.7")]
    public async Task A_forwarded_address_is_only_trusted_from_a_known_proxy(string? proxies, string seen)
    {
        await using var service = await TestService.Start(_database, app =>
            app.MapGet("/address", Ok<string> (HttpContext http) => TypedResults.Ok(http.Connection.RemoteIpAddress!.MapToIPv4().ToString()))
                .AllowAnonymous(), Ct,
            settings: [("Proxies", proxies), ("FORWARDEDHEADERS_ENABLED", "true")]);
        using var client = service.Anyone;
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");

        (await client.GetStringAsync("/address", Ct)).ShouldBe($"\"{seen}\"");
    }

    [Theory]
    [InlineData("10.0.0.1,proxy.example", "'proxy.example'")]
    [InlineData("10.0.0.0/33", "'10.0.0.0/33'")]
    [InlineData("0.0.0.0/0", "'0.0.0.0/0'")]
    [InlineData("::/0", "'::/0'")]
    public async Task An_invalid_proxy_stops_the_start_and_is_named(string proxies, string named)
    {
        var complaint = await Refusal(_ => { }, settings: ("Proxies", proxies));

        complaint.ShouldStartWith("Proxies: ");
        complaint.ShouldContain(named);
    }

    private static void MapMe(WebApplication app) =>
        app.MapGet("/me", Ok<string> (Caller caller) => TypedResults.Ok(caller.Subject)).RequireRole(Role.Client);

    private static void RemoveResolvers(Microsoft.Extensions.Validation.ValidationOptions options)
    {
#pragma warning disable ASP0029
        options.Resolvers.Clear();
#pragma warning restore ASP0029
    }

    private async Task<string> Refusal(
        Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null, string environment = "Test", params (string, string?)[] settings) =>
        (await Should.ThrowAsync<InvalidOperationException>(async () =>
        {
            await using var service = await TestService.Start(_database, map, Ct, environment: environment, configure: configure, settings: settings);
        })).Message;
}
