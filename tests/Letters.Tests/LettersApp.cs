using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Letters.Tests;

/// <summary>The letters service, with billing as a separate process behind a proxy that tests can cut.</summary>
public sealed class LettersApp() : ServiceApp<Program>("letters")
{
    public static readonly TimeSpan BillingTimeout = TimeSpan.FromSeconds(4);

    private static long _lastId = 1_000;

    private ServiceProcess? _billing;
    private TcpProxy? _proxy;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public TcpProxy ProxyToBilling => _proxy!;

    protected override IReadOnlyList<string> Neighbours => ["billing"];

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("services:billing:http:0", $"http://127.0.0.1:{_proxy!.Port}")];

    protected override async Task BeforeService()
    {
        // The process's clock runs while the test's stands still. Starting it five minutes behind keeps tickets valid.
        var offset = Clock.GetUtcNow() - TimeSpan.FromMinutes(5) - TimeProvider.System.GetUtcNow();
        _billing = await ServiceProcess.Start("billing", Database, Broker, Ct, new KeyValuePair<string, string>("Time:Offset", offset.ToString()));
        _proxy = TcpProxy.To(_billing.Address.Port);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        if (_billing is not null)
        {
            await _billing.DisposeAsync();
        }
    }

    public UserId NewUserId() => new(Interlocked.Increment(ref _lastId));

    /// <summary>Publishes a registration, as Users does.</summary>
    public Task Register(UserId person) => Broker.Publish(
        new UserRegistered
        {
            UserId = person,
            FullName = "Анна Петрова",
            Language = "ru",
            PhoneVerified = true,
            PhoneSeenBefore = false,
            RegisteredAt = Clock.GetUtcNow(),
            Version = 1,
        },
        Ct);

    public async Task<UserId> GivenPerson()
    {
        var person = NewUserId();
        await Register(person);
        await Eventually.IsTrue(() => Database.Scalar<bool>("select exists (select from billing.subscriptions where user_id = $1)", Ct, person.Value), Ct);
        return person;
    }

    public Task Block(UserId person) => Broker.Publish(new UserBlocked { UserId = person, BlockedAt = Clock.GetUtcNow(), Version = 2 }, Ct);

    public Task Erase(UserId person) => Broker.Publish(new UserErased { UserId = person, ErasedAt = Clock.GetUtcNow(), Version = 9 }, Ct);

    public Task<Answer> GetLimits(UserId person) => Get(Client(person), "/api/letters/limits");

    public static async Task<Answer> Get(HttpClient client, string address)
    {
        using var response = await client.GetAsync(address, Ct);
        return await Answer.Of(response, Ct);
    }
}
