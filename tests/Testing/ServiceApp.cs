using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using MassTransit;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Shouldly;
using Xunit;

namespace Platform.Testing;

/// <summary>
/// A class fixture: the service's real <c>Program</c> over HTTP, on a database and a virtual host of the class's own. Only the
/// clock is the test's. At the end nothing may have been logged as an error, nor lie in the error queue, but what was allowed.
/// </summary>
/// <typeparam name="TProgram">The service's <c>Program</c>.</typeparam>
/// <param name="service">Name of the service: <c>loyalty</c>.</param>
public abstract class ServiceApp<TProgram>(string service) : IAsyncLifetime where TProgram : class
{
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(10);

    private readonly ConcurrentQueue<Func<LogLine, bool>> _allowedErrors = new();
    private readonly ConcurrentQueue<Replica> _replicas = new();
    private TestDatabase? _database;
    private VirtualHost? _broker;
    private Replica? _first;
    private bool _failuresAllowed;

    public string Service => service;

    public TestDatabase Database => _database ?? throw NotStarted();

    public VirtualHost Broker => _broker ?? throw NotStarted();

    public ManualClock Clock { get; } = new();

    public Replica First => _first ?? throw NotStarted();

    public IServiceProvider Services => First.Services;

    /// <summary>A client of the first replica, without a token.</summary>
    public HttpClient Anonymous => First.Client(token: null);

    /// <summary>Other services that this one calls: their schemas and queues are in its database and virtual host.</summary>
    protected virtual IReadOnlyList<string> Neighbours => [];

    /// <summary>Settings that differ from those of a service as it is delivered.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string>> Settings => [];

    /// <summary>What else the test replaces: an outside provider, never our own code.</summary>
    protected virtual void Replace(IServiceCollection services)
    {
    }

    /// <summary>Starts what else the service needs, on the database and the broker that are there by now.</summary>
    protected virtual Task BeforeService() => Task.CompletedTask;

    public virtual async ValueTask InitializeAsync()
    {
        // Before the service: a host that starts without them is flaky.
        _database = await TestDatabase.Create([service, .. Neighbours]);
        _broker = await VirtualHost.Create([service, .. Neighbours]);
        await BeforeService();
        _first = await Start();
    }

    /// <summary>A client of the first replica that calls as <paramref name="caller"/>.</summary>
    public HttpClient Client(TokenSubject caller) => First.Client(Token(caller));

    public HttpClient Guest(TelegramId telegramId) => Client(new TokenSubject(Role.Guest, TelegramId: telegramId, Actor: "tests"));

    public HttpClient Client(UserId userId) => Client(new TokenSubject(Role.Client, userId));

    public HttpClient Staff(StaffId staffId) => Client(new TokenSubject(Role.Staff, StaffId: staffId));

    public HttpClient Admin(StaffId staffId) => Client(new TokenSubject(Role.Admin, StaffId: staffId));

    /// <summary>An access token as Users issues it.</summary>
    public string Token(TokenSubject subject, TimeSpan? lifetime = null) =>
        Services.GetRequiredService<AccessTokens>().Issue(subject, lifetime ?? TokenLifetime);

    /// <summary>One more replica, in this process, on the same database and broker. It ends with the fixture, or before.</summary>
    /// <param name="settings">That differ from the fixture's.</param>
    public async Task<Replica> Start(params IEnumerable<KeyValuePair<string, string>> settings)
    {
        var replica = new Replica(this, [.. AllSettings, .. settings]);
        _replicas.Enqueue(replica);
        await replica.Start();
        return replica;
    }

    /// <summary>One more replica as a process of its own, which a test may kill.</summary>
    /// <param name="settings">In addition to the fixture's, and before them.</param>
    public Task<ServiceProcess> StartProcess(CancellationToken ct, params IEnumerable<KeyValuePair<string, string>> settings) =>
        ServiceProcess.Start(service, [.. AllSettings, .. settings], ct);

    /// <summary>For a test that breaks something on purpose: an error logged with this text in it is expected.</summary>
    public void AllowErrors(string text) => AllowErrors(line => line.ToString().Contains(text, StringComparison.OrdinalIgnoreCase));

    public void AllowErrors(Func<LogLine, bool> expected) => _allowedErrors.Enqueue(expected);

    /// <summary>For a test that poisons the queue on purpose.</summary>
    public void AllowFailedMessages() => _failuresAllowed = true;

    public virtual async ValueTask DisposeAsync()
    {
        IReadOnlyList<string> failures = [];
        try
        {
            failures = _broker is null || _failuresAllowed ? [] : await _broker.Failures(CancellationToken.None);
        }
        finally
        {
            foreach (var replica in _replicas)
            {
                await replica.DisposeAsync();
            }

            if (_broker is not null)
            {
                await _broker.DisposeAsync();
            }

            if (_database is not null)
            {
                await _database.DisposeAsync();
            }
        }

        GC.SuppressFinalize(this);
        failures.ShouldBeEmpty($"{service} gave up on messages.");
        _replicas.SelectMany(replica => replica.Log.Lines)
            .Where(line => line.Level >= LogLevel.Error && !_allowedErrors.Any(expected => expected(line)))
            .ShouldBeEmpty($"{service} logged errors.");
    }

    private IEnumerable<KeyValuePair<string, string>> AllSettings => [.. ServiceSettings.Of(service, Database, Broker.Address), .. Settings];

    private InvalidOperationException NotStarted() => new($"{GetType().Name} is started by xUnit, as a fixture: IClassFixture<{GetType().Name}>.");

    /// <summary>One replica of the service, on a port of its own.</summary>
    public sealed class Replica : IAsyncDisposable
    {
        private readonly Factory _factory;
        private readonly ConcurrentDictionary<string, HttpClient> _clients = new();
        private IBusControl? _bus;

        internal Replica(ServiceApp<TProgram> app, IReadOnlyList<KeyValuePair<string, string>> settings) => _factory = new Factory(app, settings, Log);

        public CapturedLog Log { get; } = new();

        public IServiceProvider Services => _factory.Services;

        public Uri Address => _factory.ClientOptions.BaseAddress;

        /// <param name="token">Null for a caller who is nobody.</param>
        public HttpClient Client(string? token) => _clients.GetOrAdd(token ?? "", _ =>
        {
            var client = new HttpClient(new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                // What a caller sends need not be ASCII.
                RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            })
            { BaseAddress = Address };
            client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            return client;
        });

        internal Task Start() => Task.Run(() =>
        {
            _factory.UseKestrel(0);
            _factory.StartServer();
            _bus = Services.GetService<IBusControl>();
        });

        public async ValueTask DisposeAsync()
        {
            foreach (var client in _clients.Values)
            {
                client.Dispose();
            }

            _clients.Clear();
            if (Interlocked.Exchange(ref _bus, null) is { } bus)
            {
                await Stop(bus);
            }

            await _factory.DisposeAsync();
        }

        /// <summary>
        /// As a signal would stop it. The factory stops the host beside <c>Program</c>, which stops it too: then each takes the other's
        /// word for it, and the bus is still at work when its broker and its services are gone.
        /// </summary>
        private async Task Stop(IBusControl bus)
        {
            // A bus that is still starting is not stopped by MassTransit, and would live on in this process: it would take the messages
            // of the other replicas. Of one whose broker is away nothing is waited for any longer.
            await bus.WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(10));

            var lifetime = Services.GetRequiredService<IHostApplicationLifetime>();
            var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lifetime.ApplicationStopped.Register(stopped.SetResult);
            lifetime.StopApplication();
            await stopped.Task;
        }
    }

    private sealed class Factory(ServiceApp<TProgram> app, IReadOnlyList<KeyValuePair<string, string>> settings, CapturedLog log)
        : WebApplicationFactory<TProgram>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }

            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(log));
            builder.ConfigureTestServices(services =>
            {
                services.Replace(ServiceDescriptor.Singleton<TimeProvider>(app.Clock));
                app.Replace(services);
            });
        }
    }
}
