using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;

namespace Platform.Gateway.Tests;

/// <summary>The real gateway on a real port, in front of services that the test controls.</summary>
internal sealed class GatewayUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(10);

    private readonly Factory _factory;
    private readonly List<Upstream> _users;

    private GatewayUnderTest(Factory factory, List<Upstream> users, Upstream loyalty, Upstream notifications)
    {
        _factory = factory;
        _users = users;
        (Loyalty, Notifications) = (loyalty, notifications);
    }

    /// <summary>The first replica of users.</summary>
    public Upstream Users => _users[0];

    public IReadOnlyList<Upstream> UsersReplicas => _users;

    public Upstream Loyalty { get; }

    public Upstream Notifications { get; }

    public GatewayLog Log => _factory.Log;

    public Uri Address { get; private init; } = null!;

    public IReadOnlyList<RouteConfig> Routes => [.. _factory.Services.GetRequiredService<IProxyStateLookup>().GetRoutes().Select(route => route.Config)];

    /// <param name="settings">Settings that differ from the shipped ones, such as <c>Gateway:Replicas</c>.</param>
    public static async Task<GatewayUnderTest> Start(
        KeysInDatabase keys, string environment = "Development", int usersReplicas = 1, params (string Key, string Value)[] settings)
    {
        var users = new List<Upstream>();
        for (var replica = 0; replica < usersReplicas; replica++)
        {
            users.Add(await Upstream.Start());
        }

        var (loyalty, notifications) = (await Upstream.Start(), await Upstream.Start());
        var all = new Dictionary<string, string?>
        {
            ["ConnectionStrings:database"] = keys.GatewayConnection,
            ["services:loyalty:http:0"] = loyalty.Address.ToString(),
            ["services:notifications:http:0"] = notifications.Address.ToString(),
        };
        for (var replica = 0; replica < usersReplicas; replica++)
        {
            all[$"services:users:http:{replica}"] = users[replica].Address.ToString();
        }

        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        var factory = new Factory(environment, all);
        factory.UseKestrel(0);
        try
        {
            factory.StartServer();
        }
        // A host that fails to start may throw from the factory or from the program. The log has the reason.
        catch (Exception fault)
        {
            var errors = factory.Log.Lines.Where(line => line.Level >= LogLevel.Error).Select(line => line.Text);
            throw new InvalidOperationException(string.Join('\n', errors), fault);
        }

        return new GatewayUnderTest(factory, users, loyalty, notifications) { Address = factory.ClientOptions.BaseAddress };
    }

    public string GuestToken(long telegramId) => Token(new TokenSubject(Role.Guest, TelegramId: new TelegramId(telegramId), Actor: "client-bot"));

    public string ClientToken(long userId, long? telegramId = null) =>
        Token(new TokenSubject(Role.Client, new UserId(userId), telegramId is { } id ? new TelegramId(id) : null));

    public string StaffToken(long staffId) => Token(new TokenSubject(Role.Staff, StaffId: new StaffId(staffId)));

    private string Token(TokenSubject subject) => _factory.Services.GetRequiredService<AccessTokens>().Issue(subject, TokenLifetime);

    public Task<Answer> Get(string path, string? token = null, string? from = null, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Get, path, token, body: null, from, headers);

    public Task<Answer> Post(string path, string? token = null, object? body = null, string? from = null, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, token, JsonContent.Create(body ?? new { }), from, headers);

    /// <param name="from">The caller's loopback address; default 127.0.0.1.</param>
    public async Task<Answer> Send(
        HttpMethod method, string path, string? token, HttpContent? body, string? from = null, params (string Name, string Value)[] headers)
    {
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = (context, ct) => ConnectFrom(from, context.DnsEndPoint.Port, ct),
        };
        using var client = new HttpClient(handler) { BaseAddress = Address };
        using var request = new HttpRequestMessage(method, path) { Content = body };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.Read(response);
    }

    /// <summary>Sends a raw request, as no client would write it. The connection closes after the answer.</summary>
    /// <param name="lines">Request line and headers, without line ends.</param>
    public async Task<Answer> Raw(params string[] lines)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        var request = string.Join("\r\n", [.. lines, "Host: localhost", "Connection: close", "", ""]);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), TestContext.Current.CancellationToken);
        var answer = await new StreamReader(stream).ReadToEndAsync(TestContext.Current.CancellationToken);
        var (head, body) = (answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)],
            answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        var headers = head.Split("\r\n").Skip(1).Select(line => line.Split(": ", 2))
            .GroupBy(line => line[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(line => line.Key, line => string.Join(", ", line.Select(value => value[1])), StringComparer.OrdinalIgnoreCase);
        // Chunks are separated by lines with their lengths; the problems here fit into one chunk.
        var text = headers.ContainsKey("Transfer-Encoding") ? body.Split("\r\n")[1] : body;
        return new Answer((HttpStatusCode)int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture), headers, text);
    }

    /// <param name="port">On 127.0.0.1.</param>
    public static async ValueTask<Stream> ConnectFrom(string? from, int port, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from ?? "127.0.0.1"), 0));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), ct);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _factory.DisposeAsync();
        foreach (var upstream in _users.Append(Loyalty).Append(Notifications))
        {
            await upstream.DisposeAsync();
        }
    }

    private sealed class Factory(string environment, IReadOnlyDictionary<string, string?> settings) : WebApplicationFactory<Program>
    {
        public GatewayLog Log { get; } = new();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment(environment);
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }

            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log));
        }
    }
}

/// <summary>A complete answer.</summary>
internal sealed record Answer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public static async Task<Answer> Read(HttpResponseMessage response) => new(
        response.StatusCode,
        response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public int RetryAfter => int.Parse(Header("Retry-After") ?? "0", CultureInfo.InvariantCulture);

    public void ShouldBeProblem(HttpStatusCode status, string code)
    {
        Status.ShouldBe(status, Text);
        Header("Content-Type").ShouldBe("application/problem+json");
        Json.GetProperty("code").GetString().ShouldBe(code);
        Json.GetProperty("status").GetInt32().ShouldBe((int)status);
        Json.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
    }
}
