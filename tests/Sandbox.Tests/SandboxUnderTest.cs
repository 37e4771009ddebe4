using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Platform.Testing;

namespace Platform.Sandbox.Tests;

/// <summary>The real sandbox on a real port, with one bot and the initial people.</summary>
internal sealed class SandboxUnderTest : IAsyncDisposable
{
    public const string Token = "4001:test-secret_of-the-bot";
    public const string Username = "test_bot";

    public const long Anna = 7_200_000_001;
    public const long John = 7_200_000_002;

    private readonly Factory _factory;

    private SandboxUnderTest(Factory factory)
    {
        _factory = factory;
        var addresses = factory.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Client = new HttpClient { BaseAddress = new Uri(addresses.Single()) };
        Bot = new BotClient(Client, Token);
    }

    public HttpClient Client { get; }

    public BotClient Bot { get; }

    public Uri Address => Client.BaseAddress!;

    public CapturedLog Log => _factory.Log;

    /// <summary>A clock that only moves when the test advances it.</summary>
    public static FakeTimeProvider Clock() => new(new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero));

    /// <param name="clock">Default: the system clock.</param>
    public static Task<SandboxUnderTest> Start(TimeProvider? clock = null, params (string Key, string Value)[] settings) => Task.Run(() =>
    {
        var factory = new Factory(clock,
        [
            ("Sandbox:Bots:0:Token", Token), ("Sandbox:Bots:0:Username", Username), ("Sandbox:Bots:0:Name", "Test"), .. settings,
        ]);
        factory.UseKestrel();
        factory.StartServer();
        return new SandboxUnderTest(factory);
    });

    /// <summary>A person's chat with the bot, from their side.</summary>
    public PersonClient Person(long id, string bot = Username) => new(Client, bot, id);

    /// <summary>The same, after the person pressed START and the bot received it.</summary>
    public async Task<PersonClient> Started(long id)
    {
        var person = Person(id);
        await person.Write("/start");
        await Bot.ConfirmAll();
        return person;
    }

    /// <param name="body">Default: the empty object.</param>
    public Task<Answer> Post(string path, object? body = null) => Send(HttpMethod.Post, path, body ?? new { });

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path);

    public async Task<Answer> Send(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : body as HttpContent ?? JsonContent.Create(body) };
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.Of(response);
    }

    /// <summary>The bots' calls, from <c>/control/requests</c>.</summary>
    public async Task<IReadOnlyList<JsonElement>> Requests(string query = "") => [.. (await Get($"/control/requests{query}")).Json.EnumerateArray()];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _factory.DisposeAsync();
        Log.Lines.Where(line => line.Level >= LogLevel.Error).ShouldBeEmpty();
        Log.Lines.ShouldNotContain(line => line.ToString().Contains(Token, StringComparison.Ordinal));
    }

    private sealed class Factory(TimeProvider? clock, IReadOnlyList<(string Key, string Value)> settings) : WebApplicationFactory<Program>
    {
        public CapturedLog Log { get; } = new();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            // The factory's own way to a free port races against a program that starts at once.
            builder.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }

            builder.ConfigureLogging(logging =>
                logging.ClearProviders().AddProvider(Log).AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None));
            builder.ConfigureTestServices(services =>
            {
                if (clock is not null)
                {
                    services.Replace(ServiceDescriptor.Singleton(clock));
                }
            });
        }
    }
}

/// <summary>A complete answer.</summary>
internal sealed record Answer(int Status, string Body, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public static async Task<Answer> Of(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
        response.Content.Headers.ContentType?.ToString(),
        response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));

    /// <summary>The result of a bot's successful call.</summary>
    public JsonElement Result
    {
        get
        {
            Status.ShouldBe(200, Body);
            Json.GetProperty("ok").GetBoolean().ShouldBeTrue();
            return Json.GetProperty("result");
        }
    }

    /// <summary>Asserts that a bot's call was refused with this description.</summary>
    public void ShouldBeRefused(int code, string description)
    {
        Status.ShouldBe(code, Body);
        Json.GetProperty("ok").GetBoolean().ShouldBeFalse();
        Json.GetProperty("error_code").GetInt32().ShouldBe(code);
        Json.GetProperty("description").GetString().ShouldBe(description);
    }

    /// <summary>Asserts that a person's call was refused.</summary>
    public void ShouldBeProblem(int status)
    {
        Status.ShouldBe(status, Body);
        ContentType.ShouldNotBeNull().ShouldStartWith("application/problem+json");
    }
}
