using System.Diagnostics;
using System.Net.Http.Headers;
using Platform.Contracts;
using Shouldly;
using Xunit;

namespace Platform.Testing;

/// <summary>Users, Loyalty and Notifications as processes on one database and broker, each behind proxies that a test can break.</summary>
public class PlatformApp : IAsyncLifetime
{
    private const string AdminLogin = "owner";
    private const string AdminPassword = "correct horse battery staple";
    protected const string ClientKey = "a-key-for-the-bots-of-these-tests-only";
    protected const string BaristaKey = "another-key-for-the-bots-of-these-tests";
    protected const string CardSecret = "what the cards of these tests are signed with";
    private static readonly TelegramId BaristaId = new(2001);

    /// <summary>Timeout after an outage of the broker. MassTransit reconnects at intervals of up to 30 s, and an attempt may take 5 s.</summary>
    public static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(30 + 5) + Eventually.Within;

    private static long _lastTelegramId = 10_000;

    private readonly Dictionary<string, Links> _links = [];
    private readonly List<IAsyncDisposable> _running = [];
    private readonly Lock _signIns = new();
    private SignIn? _admin;
    private SignIn? _barista;
    private bool _baristaIsAdded;

    public TestDatabase Database { get; private set; } = null!;

    public VirtualHost Broker { get; private set; } = null!;

    public ServiceProcess Users { get; private set; } = null!;

    public ServiceProcess Loyalty { get; private set; } = null!;

    public ServiceProcess Notifications { get; private set; } = null!;

    /// <summary>The services, each with a schema and a queue.</summary>
    protected virtual IReadOnlyList<string> Services => ["users", "loyalty", "notifications"];

    protected virtual IEnumerable<KeyValuePair<string, string>> SettingsOf(string service) => [];

    /// <summary>The process that calls for a service go to: the service itself, unless there is a gateway.</summary>
    protected virtual ServiceProcess EntryPointOf(ServiceProcess service) => service;

    protected virtual IEnumerable<KeyValuePair<string, string>> Telemetry => [];

    /// <summary>The services' broker: a virtual host of the shared one, unless the test has its own broker.</summary>
    protected virtual Uri BrokerAddress => Broker.Address;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.Create([.. Services, "gateway"]);
        Broker = await VirtualHost.Create([.. Services]);
        _running.AddRange([Database, Broker]);
        await BeforeServices();
        Users = await Start(
            "users",
            new("ADMIN_LOGIN", AdminLogin), new("ADMIN_PASSWORD", AdminPassword), new("BOT_API_KEY_CLIENT", ClientKey), new("BOT_API_KEY_BARISTA", BaristaKey),
            new("CARD_SECRET", CardSecret), new("Users:LoginsPerMinute", "1000"));
        // Tests place many orders.
        Loyalty = await Start("loyalty", new KeyValuePair<string, string>("Loyalty:CodesPerFiveMinutes", "1000"));
        Notifications = await Start("notifications");
        await AfterServices();
    }

    protected virtual Task BeforeServices() => Task.CompletedTask;

    /// <summary>Starts further services for a gateway.</summary>
    protected virtual Task AfterServices() => Task.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        // Processes before the servers that they use.
        foreach (var part in Enumerable.Reverse(_running))
        {
            await part.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A service's proxies to its database and broker.</summary>
    public Links LinksOf(ServiceProcess service) => _links[service.Service];

    /// <summary>Starts a service or another replica of it, behind the same proxies.</summary>
    public Task<ServiceProcess> Start(string service, params KeyValuePair<string, string>[] settings) => Start(service, null, settings);

    /// <param name="port">From <see cref="Ports.Free"/>, for a port that other processes must know first.</param>
    protected Task<ServiceProcess> StartAt(int port, string service, params KeyValuePair<string, string>[] settings) => Start(service, port, settings);

    private async Task<ServiceProcess> Start(string service, int? port, KeyValuePair<string, string>[] settings)
    {
        if (!_links.TryGetValue(service, out var links))
        {
            _links[service] = links = new Links(TcpProxy.ToPostgres(Database.Superuser), TcpProxy.To(BrokerAddress));
            _running.AddRange([links.Database, links.Broker]);
        }

        var process = await ServiceProcess.Start(
            service,
            [
                new("ConnectionStrings:database", links.Database.Rewrite(Database.Service(service))),
                new("ConnectionStrings:rabbitmq", links.Broker.Rewrite(BrokerAddress).ToString()),
                .. Telemetry, .. SettingsOf(service), .. settings,
            ],
            Ct,
            port);
        lock (_running)
        {
            _running.Add(process);
        }

        return process;
    }

    /// <summary>A guest who registered through the bot.</summary>
    public async Task<Guest> GivenGuest(string fullName = "Анна Петрова", string? phone = null)
    {
        var telegramId = new TelegramId(Interlocked.Increment(ref _lastTelegramId));
        var registered = await Post(Users, "/api/users", await Bot(telegramId, ClientKey), new
        {
            fullName,
            phone = phone ?? $"+7999{telegramId.Value:D7}",
            consentPersonalData = true,
        });
        registered.Status.ShouldBe(System.Net.HttpStatusCode.Created, registered.Body);
        return new Guest(new UserId((long)registered.Json("id")!), telegramId, await Bot(telegramId, ClientKey));
    }

    /// <summary>A gateway's settings for the addresses of these services.</summary>
    protected static IEnumerable<KeyValuePair<string, string>> AddressesOf(params IEnumerable<ServiceProcess> services) =>
        services.Select(service => KeyValuePair.Create($"services:{service.Service}:http:0", service.Address.ToString()));

    /// <returns>A barista's token.</returns>
    public Task<string> Barista()
    {
        return Once(ref _barista, SignInBarista);

        async Task<string> SignInBarista()
        {
            if (!_baristaIsAdded)
            {
                await AddStaff(BaristaId, "Борис");
                _baristaIsAdded = true;
            }

            return await Bot(BaristaId, BaristaKey);
        }
    }

    /// <param name="role"><c>barista</c>, <c>manager</c> or <c>owner</c>.</param>
    /// <param name="broadcast">The right to write to all guests.</param>
    public async Task AddStaff(TelegramId telegramId, string fullName, string role = "barista", bool broadcast = false)
    {
        var added = await Post(Users, "/api/users/staff", await Admin(), new { telegramId, fullName, role, broadcast });
        added.Status.ShouldBe(System.Net.HttpStatusCode.Created, added.Body);
    }

    /// <returns>A token of the admin.</returns>
    public Task<string> Admin() => Once(ref _admin, async () =>
        (await Post(Users, "/api/auth/login", token: null, new { login = AdminLogin, password = AdminPassword })).AccessToken);

    // Tests that run in parallel may share this platform.
    private Task<string> Once(ref SignIn? signedIn, Func<Task<string>> signIn)
    {
        lock (_signIns)
        {
            // A token is valid for ten minutes, and some tests take longer.
            if (signedIn is not { Token: { IsFaulted: false, IsCanceled: false } } known || Stopwatch.GetElapsedTime(known.At) > TimeSpan.FromMinutes(5))
            {
                signedIn = new SignIn(signIn(), Stopwatch.GetTimestamp());
            }

            return signedIn.Token;
        }
    }

    private sealed record SignIn(Task<string> Token, long At);

    /// <summary>Gets a payment code. Retries failures with the same key, as a bot does.</summary>
    public async Task<string> Code(Guest guest)
    {
        var key = Guid.NewGuid().ToString();
        var answer = await UntilAnswered(() => Post(Loyalty, "/api/loyalty/codes", guest.Token, body: null, key));
        return (string)answer.Json("code")!;
    }

    /// <summary>Places an order. Retries failures with the same key.</summary>
    public Task<Answer> Order(string code, decimal amount, string? key = null, ServiceProcess? at = null)
    {
        key ??= Guid.NewGuid().ToString();
        return UntilAnswered(async () => await Post(at ?? Loyalty, "/api/loyalty/orders", await Barista(), new { code, amount }, key));
    }

    public async Task<Answer> OrderOnce(string code, decimal amount, string key) =>
        await Post(Loyalty, "/api/loyalty/orders", await Barista(), new { code, amount }, key);

    public Task<long> PointsOf(Guest guest) => Database.Scalar<long>("select points from loyalty.accounts where user_id = $1", Ct, guest.Id.Value);

    public Task<long> OrdersOf(Guest guest) => Database.Scalar<long>("select count(*) from loyalty.orders where user_id = $1", Ct, guest.Id.Value);

    public Task<long> OrderNotificationsOf(Guest guest) => Database.Scalar<long>(
        "select count(*) from notifications.notifications where user_id = $1 and template = 'order_placed'", Ct, guest.Id.Value);

    public Task OutboxIsEmpty(string service, TimeSpan? within = null) =>
        Eventually.Get(() => Database.Scalar<long>($"select count(*) from {service}.outbox", Ct), left => left == 0, Ct, within);

    public Task OrdersAreNotified(Guest guest, long orders, TimeSpan? within = null) =>
        Eventually.Get(() => OrderNotificationsOf(guest), count => count == orders, Ct, within);

    public async Task<int> VerifyLoyalty() => (await Run("loyalty", "verify")).ExitCode;

    public Task<ProcessOutcome> Run(string service, params string[] words) => ServiceProcess.Run(
        Repository.ServiceProgram(service), words,
        [
            new("ConnectionStrings:owner", Database.Owner(service)), new("ConnectionStrings:database", Database.Service(service)),
            new("ConnectionStrings:rabbitmq", BrokerAddress.ToString()),
        ],
        TimeSpan.FromMinutes(1));

    public async Task<Answer> Get(ServiceProcess service, string address, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        return await Send(service, request, token);
    }

    public async Task<Answer> Post(ServiceProcess service, string address, string? token, object? body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await Send(service, request, token);
    }

    public async Task<Answer> Put(ServiceProcess service, string address, string? token, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = JsonContent.Create(body) };
        return await Send(service, request, token);
    }

    public async Task<Answer> Patch(ServiceProcess service, string address, string? token, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, address) { Content = JsonContent.Create(body) };
        return await Send(service, request, token);
    }

    /// <returns>A token with which a bot acts for this Telegram user.</returns>
    public async Task<string> Bot(TelegramId telegramId, string key = ClientKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/bot") { Content = JsonContent.Create(new { telegramId }),
            Headers = { { "X-Api-Key", key } } };
        return (await Send(Users, request, token: null)).AccessToken;
    }

    private async Task<Answer> Send(ServiceProcess service, HttpRequestMessage request, string? token)
    {
        using var client = EntryPointOf(service).Client(token: null);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request, Ct);
        return await Answer.Of(response, Ct);
    }

    // After a 5xx or a broken connection the request may or may not have taken effect. With the same key a retry is safe.
    private static Task<Answer> UntilAnswered(Func<Task<Answer>> ask) =>
        Eventually.Get(ask, answer => (int)answer.Status is >= 200 and < 300, Ct, TimeSpan.FromSeconds(60));
}

public sealed record Guest(UserId Id, TelegramId TelegramId, string Token);

public sealed record Links(TcpProxy Database, TcpProxy Broker);
