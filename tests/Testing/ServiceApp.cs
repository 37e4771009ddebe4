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
/// A class fixture: the service's real <c>Program</c> over HTTP, with its own database and virtual host. Only the clock is replaced.
/// At the end, errors in the log and messages in the error queue fail the class, unless a test allowed them.
/// </summary>
/// <param name="service">The service's name: <c>loyalty</c>.</param>
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

    /// <summary>Other services that this one calls. Their schemas and queues are in its database and virtual host.</summary>
    protected virtual IReadOnlyList<string> Neighbours => [];

    protected virtual IEnumerable<KeyValuePair<string, string>> Settings => [];

    /// <summary>Replaces external providers, never our own code.</summary>
    protected virtual void Replace(IServiceCollection services)
    {
    }

    /// <summary>Starts other things that the service needs. The database and the broker exist by then.</summary>
    protected virtual Task BeforeService() => Task.CompletedTask;

    public virtual async ValueTask InitializeAsync()
    {
        // Before the service, which needs them to start.
        _database = await TestDatabase.Create([service, .. Neighbours]);
        _broker = await VirtualHost.Create([service, .. Neighbours]);
        await BeforeService();
        _first = await Start();
    }

    public HttpClient Client(TokenSubject caller) => First.Client(Token(caller));

    public HttpClient Guest(TelegramId telegramId) => Client(new TokenSubject(Role.Guest, TelegramId: telegramId, Actor: "tests"));

    public HttpClient Client(UserId userId) => Client(new TokenSubject(Role.Client, userId));

    public HttpClient Staff(StaffId staffId) => Client(new TokenSubject(Role.Staff, StaffId: staffId));

    public HttpClient Admin(StaffId staffId) => Client(new TokenSubject(Role.Admin, StaffId: staffId));

    /// <summary>An access token as Users issues it.</summary>
    public string Token(TokenSubject subject, TimeSpan? lifetime = null) =>
        Services.GetRequiredService<AccessTokens>().Issue(subject, lifetime ?? TokenLifetime);

    /// <summary>Starts another replica in this process, on the same database and broker. It ends with the fixture or earlier.</summary>
    /// <param name="settings">Override the fixture's.</param>
    public async Task<Replica> Start(params IEnumerable<KeyValuePair<string, string>> settings)
    {
        var replica = new Replica(this, [.. AllSettings, .. settings]);
        _replicas.Enqueue(replica);
        await replica.Start();
        return replica;
    }

    /// <summary>Starts another replica as a separate process, which a test can kill.</summary>
    public Task<ServiceProcess> StartProcess(CancellationToken ct, params IEnumerable<KeyValuePair<string, string>> settings) =>
        ServiceProcess.Start(service, [.. AllSettings, .. settings], ct);

    /// <summary>For a test that breaks something on purpose: errors that contain this text are expected.</summary>
    public void AllowErrors(string text) => AllowErrors(line => line.ToString().Contains(text, StringComparison.OrdinalIgnoreCase));

    public void AllowErrors(Func<LogLine, bool> expected) => _allowedErrors.Enqueue(expected);

    /// <summary>For a test that sends a poison message on purpose.</summary>
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
        failures.ShouldBeEmpty($"{service} has messages in its error queue.");
        _replicas.SelectMany(replica => replica.Log.Lines)
            .Where(line => line.Level >= LogLevel.Error && !_allowedErrors.Any(expected => expected(line)))
            .ShouldBeEmpty($"{service} logged errors.");
    }

    private IEnumerable<KeyValuePair<string, string>> AllSettings => [.. ServiceSettings.Of(service, Database, Broker.Address), .. Settings];

    private InvalidOperationException NotStarted() => new($"{GetType().Name} is not started. Use it as a class fixture: IClassFixture<{GetType().Name}>.");

    /// <summary>A replica of the service on its own port.</summary>
    public sealed class Replica : IAsyncDisposable
    {
        private readonly Factory _factory;
        private readonly ConcurrentDictionary<string, HttpClient> _clients = new();
        private IBusControl? _bus;

        internal Replica(ServiceApp<TProgram> app, IReadOnlyList<KeyValuePair<string, string>> settings) => _factory = new Factory(app, settings, Log);

        public CapturedLog Log { get; } = new();

        public IServiceProvider Services => _factory.Services;

        public Uri Address => _factory.ClientOptions.BaseAddress;

        /// <param name="token">Null for an anonymous caller.</param>
        public HttpClient Client(string? token) => _clients.GetOrAdd(token ?? "", _ =>
        {
            var client = new HttpClient(new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                // Tests also send headers that are not ASCII.
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

        /// <summary>Stops the host as a signal would. Otherwise both the factory and <c>Program</c> stop it, and the bus outlives its services.</summary>
        private async Task Stop(IBusControl bus)
        {
            // MassTransit does not stop a bus that is still starting. It would stay in this process and consume the other replicas'
            // messages. The limit is for a broker that is down.
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
