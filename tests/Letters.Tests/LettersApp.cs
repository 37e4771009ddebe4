using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Letters.Tests;

/// <summary>The letters service, and billing as a process of its own, behind a proxy that a test may break.</summary>
public sealed class LettersApp() : ServiceApp<Program>("letters")
{
    public static readonly TimeSpan BillingTimeout = TimeSpan.FromSeconds(4);

    private static long _lastId = 1_000;

    private ServiceProcess? _billing;
    private TcpProxy? _way;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public TcpProxy WayToBilling => _way!;

    protected override IReadOnlyList<string> Neighbours => ["billing"];

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("services:billing:http:0", $"http://127.0.0.1:{_way!.Port}")];

    protected override async Task BeforeService()
    {
        // Its clock runs and the test's stands still: it starts a little behind, or tickets would be expired after five minutes of tests.
        var offset = Clock.GetUtcNow() - TimeSpan.FromMinutes(5) - TimeProvider.System.GetUtcNow();
        _billing = await ServiceProcess.Start("billing", Database, Broker, Ct, new KeyValuePair<string, string>("Time:Offset", offset.ToString()));
        _way = TcpProxy.To(_billing.Address.Port);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_way is not null)
        {
            await _way.DisposeAsync();
        }

        if (_billing is not null)
        {
            await _billing.DisposeAsync();
        }
    }

    public UserId NewUserId() => new(Interlocked.Increment(ref _lastId));

    /// <summary>Users tells of a registration.</summary>
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
