using System.Globalization;
using System.Net;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Testing;
using Platform.Users.Membership;
using Platform.Users.People;

[assembly: AssemblyFixture(typeof(Platform.Users.Tests.SharedUsersApp))]

namespace Platform.Users.Tests;

/// <summary>
/// One host for all classes that take it, which run side by side. Their tests use their own people and staff: a class that moves the
/// clock, changes settings, allows errors, or looks at all rows has an <see cref="IClassFixture{TFixture}"/> of its own.
/// </summary>
public sealed class SharedUsersApp : UsersApp;

/// <summary>The users service with an admin, bot keys and helpers that register people.</summary>
public class UsersApp() : ServiceApp<Program>("users")
{
    public const string AdminLogin = "Owner";
    public const string AdminPassword = "correct horse battery staple";
    public const string ClientBotKey = "a-key-for-the-client-bot-of-these-tests";
    public const string BaristaBotKey = "a-key-for-the-barista-bot-of-these-tests";

    public const string CardSecret = "what the cards of these tests are signed with";

    private static long _lastTelegramId = 1_000_000;
    private static long _lastPhone;

    private readonly Dictionary<string, string> _settings = new()
    {
        ["ADMIN_LOGIN"] = AdminLogin,
        ["ADMIN_PASSWORD"] = AdminPassword,
        ["BOT_API_KEY_CLIENT"] = ClientBotKey,
        ["BOT_API_KEY_BARISTA"] = BaristaBotKey,
        ["CARD_SECRET"] = CardSecret,
        // Tests sign in as often as they like, but those of the limit itself.
        ["Users:LoginsPerMinute"] = "1000",
        ["Users:CodesPerAddress"] = "1000",
        ["Users:CodeTriesPerAddress"] = "1000",
        // Trusts the tests as a proxy, so that they can set the caller's address.
        ["Proxies"] = "127.0.0.1,::1",
        ["SMTP_URL"] = SandboxMail.SharedUrl,
        ["MAIL_FROM"] = SandboxMail.From,
        ["TELEGRAM_TOKEN_CLIENT"] = MiniApp.BotToken,
    };

    private AdminToken? _admin;

    protected UsersApp(string setting, string value) : this() => _settings[setting] = value;

    /// <summary>The admin's subject in the audit.</summary>
    public string AdminSubject { get; private set; } = "";

    protected override IEnumerable<KeyValuePair<string, string>> Settings => _settings;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private UsersApi Api => field ??= new UsersApi(First.Client);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Admin();
    }

    /// <summary>Runs a verb of the service.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> Run(params string[] words) => (await ServiceProcess.Run(
        Repository.Program("Users"),
        words,
        [
            new("ConnectionStrings:owner", Database.Owner(Service)),
            new("ConnectionStrings:database", Database.Service(Service)),
            new("ConnectionStrings:rabbitmq", Broker.Address.ToString()),
        ],
        TimeSpan.FromMinutes(1))).ExitCode;

    /// <summary>Runs the queries of <c>verify</c> and expects no rows; in this process, since a process per call would be slow.</summary>
    public async Task AddsUp()
    {
        string[] checks =
        [
            PeopleChecks.ProvenPhonesNotRecorded, PeopleChecks.BlockedWithAccess,
            MembershipChecks.Malformed, MembershipChecks.EndsThatDiffer, MembershipChecks.NumbersNotIssued,
        ];
        foreach (var offendingRows in checks)
        {
            (await Count($"select count(*) from ({offendingRows}) offending")).ShouldBe(0, offendingRows);
        }
    }

    /// <summary>Adds demo data as <c>seed-demo</c> does.</summary>
    public async Task<long> Seed(Func<IServiceProvider, CancellationToken, Task<long>> seed, CancellationToken ct)
    {
        await using var scope = Services.CreateAsyncScope();
        return await seed(scope.ServiceProvider, ct);
    }

    /// <summary>Another replica, with settings that differ from the first one's.</summary>
    public async Task<UsersReplica> AnotherReplica(params (string Setting, string Value)[] settings)
    {
        // Read by the replica when it starts.
        var before = settings.Select(setting => (setting.Setting, Value: _settings.GetValueOrDefault(setting.Setting))).ToList();
        Change(settings.Select(setting => (setting.Setting, (string?)setting.Value)));
        try
        {
            return new UsersReplica(await Start());
        }
        finally
        {
            Change(before);
        }

        void Change(IEnumerable<(string Setting, string? Value)> changes)
        {
            foreach (var (setting, value) in changes)
            {
                _settings.Remove(setting);
                if (value is not null)
                {
                    _settings[setting] = value;
                }
            }
        }
    }

    public static TelegramId NewTelegramId() => new(Interlocked.Increment(ref _lastTelegramId));

    /// <summary>A number that no other person of these tests has.</summary>
    public static string NewPhone() => $"+7900{Interlocked.Increment(ref _lastPhone):D7}";

    public static object ProfileDetails(string? phone = null) => new { fullName = "Анна Смирнова", phone = phone ?? NewPhone(), consentPersonalData = true };

    public static Dictionary<string, object?> ProfileFields() => new()
    {
        ["fullName"] = "Анна Смирнова", ["phone"] = NewPhone(), ["consentPersonalData"] = true,
    };

    public Task<Answer> Get(string address, string? token = null) => Api.Get(address, token);

    public Task<Answer> Delete(string address, string? token = null) => Api.Delete(address, token);

    /// <inheritdoc cref="UsersApi.Post"/>
    public Task<Answer> Post(string address, object body, string? token = null, string? key = null, string? from = null) =>
        Api.Post(address, body, token, key, from);

    public Task<Answer> Patch(string address, object body, string? token = null) => Api.Patch(address, body, token);

    public Task<Answer> Put(string address, object body, string? token = null) => Api.Put(address, body, token);

    public Task<Answer> PostRaw(string address, string body, string? token = null, string? apiKey = null) => Api.PostRaw(address, body, token, apiKey);

    public Task<Answer> SignInByBot(TelegramId telegramId, string key = BaristaBotKey) => Api.SignInByBot(telegramId, key);

    public async Task<string> TokenByBot(TelegramId telegramId) => (await SignInByBot(telegramId)).AccessToken;

    public Task<Answer> Login(string login, string password, string? from = null) => Api.Login(login, password, from);

    public Task<Answer> Refresh(string refreshToken) => Api.Refresh(refreshToken);

    public Task<Answer> Register(string token, object body, string? key = null) => Api.Register(token, body, key);

    public Task<TEvent> Published<TEvent>(Func<TEvent, bool> which) where TEvent : class => Broker.Published(which, Ct);

    /// <summary>Waits until everything published so far has arrived, by publishing one more event.</summary>
    /// <param name="api">The replica that publishes it; the first one when left out.</param>
    public async Task AllPublished(UsersApi? api = null)
    {
        // A relay has many events in flight: none is published after those that are gone from the outbox.
        await Eventually.Passes(async () => (await Count("select count(*) from outbox")).ShouldBe(0), Ct);
        var marker = NewTelegramId();
        var guest = (await (api ?? Api).SignInByBot(marker)).AccessToken;
        (await (api ?? Api).Register(guest, ProfileDetails())).Status.ShouldBe(HttpStatusCode.Created);
        await Published<UserRegistered>(published => published.TelegramId == marker);
    }

    public async Task<Answer> AddStaff(TelegramId telegramId, string fullName) => await Post("/api/users/staff", new { telegramId, fullName }, await Admin());

    public async Task<Answer> RemoveStaff(TelegramId telegramId) => await Delete($"/api/users/staff/{telegramId}", await Admin());

    public async Task<Answer> Block(UserId id, string reason = "Rude to the staff") => await Post($"/api/users/{id}/block", new { reason }, await Admin());

    public async Task<Answer> Unblock(UserId id, string reason = "They apologized") => await Post($"/api/users/{id}/unblock", new { reason }, await Admin());

    /// <summary>An admin token that is valid for at least five more minutes.</summary>
    public async Task<string> Admin()
    {
        if (_admin is { } known && Clock.GetUtcNow() - known.At < TimeSpan.FromMinutes(5))
        {
            return known.Token;
        }

        var token = (await Login(AdminLogin, AdminPassword)).AccessToken;
        AdminSubject = $"staff:{(await Get("/api/auth/me", token)).Json("staffId")}";
        _admin = new AdminToken(token, Clock.GetUtcNow());
        return token;
    }

    private sealed record AdminToken(string Token, DateTimeOffset At);

    /// <summary>A newly registered person, with a token issued after the registration.</summary>
    public async Task<Person> GivenPerson(string? phone = null, TelegramId? telegramId = null)
    {
        var id = telegramId ?? NewTelegramId();
        var registered = await Register(await TokenByBot(id), ProfileDetails(phone));
        registered.Status.ShouldBe(HttpStatusCode.Created);
        return new Person(id, new UserId((long)registered.Json("id")!), await TokenByBot(id));
    }

    /// <summary>Switches features as an admin does: <c>new { qr = true }</c>.</summary>
    public async Task Switch(object features) => (await Put("/api/users/switches", features, await Admin())).Status.ShouldBe(HttpStatusCode.OK);

    /// <returns>When premium ends.</returns>
    public async Task<DateTimeOffset> GivenPremium(Person person, int days) => Instant(await Grant(person, days), "expires");

    public async Task<Answer> Grant(Person person, int days) =>
        await Post($"/api/users/{person.UserId}/membership", new { days, reason = "The card reader was broken" }, await Admin());

    public static DateTimeOffset Instant(Answer answer, string path) => DateTimeOffset.Parse((string)answer.Json(path)!, CultureInfo.InvariantCulture);

    public async Task<string> ReferralCodeOf(Person person) => (string)(await Get("/api/users/me", person.Token)).Json("referralCode")!;

    /// <returns>Their token.</returns>
    public async Task<string> GivenStaff(TelegramId? telegramId = null)
    {
        var id = telegramId ?? NewTelegramId();
        (await AddStaff(id, "Борис Котов")).Status.ShouldBe(HttpStatusCode.Created);
        return await TokenByBot(id);
    }

    /// <returns>A bot key that may act in this role and lower ones.</returns>
    public async Task<string> GivenBotKey(string highestRole, string? name = null)
    {
        var key = $"{Guid.NewGuid()}";
        await Execute(
            $"""
            insert into bot_keys (name, key_hash, highest_role, created_at, changed_at)
            values ('{name ?? key}', sha256('{key}'), '{highestRole}', '{Clock.GetUtcNow():O}', '{Clock.GetUtcNow():O}')
            """);
        return key;
    }

    // With the service's own schema in its path, so that a test's SQL reads like the service's.
    private NpgsqlDataSource Rows => Database.Open(new NpgsqlConnectionStringBuilder(Database.Superuser) { SearchPath = "users" }.ConnectionString);

    public async Task<IReadOnlyList<AuditRow>> Audit(string target)
    {
        await using var command =
            Rows.CreateCommand($"select action, subject, role, at, coalesce(details::text, '') from audit where target = '{target}' order by id");
        await using var rows = await command.ExecuteReaderAsync(Ct);
        var found = new List<AuditRow>();
        while (await rows.ReadAsync(Ct))
        {
            found.Add(new AuditRow(rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetFieldValue<DateTimeOffset>(3), rows.GetString(4)));
        }

        return found;
    }

    public async Task<long> Count(string sql)
    {
        await using var command = Rows.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Ct), CultureInfo.InvariantCulture);
    }

    public async Task<IReadOnlyDictionary<string, object?>> Row(string sql)
    {
        await using var command = Rows.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync(Ct);
        (await rows.ReadAsync(Ct)).ShouldBeTrue();
        return Enumerable.Range(0, rows.FieldCount).ToDictionary(rows.GetName, i => rows.IsDBNull(i) ? null : rows.GetValue(i));
    }

    public async Task Execute(string sql)
    {
        await using var command = Rows.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }
}

/// <summary>A replica that a test started besides the first.</summary>
public sealed class UsersReplica(UsersApp.Replica replica) : IAsyncDisposable
{
    public UsersApi Api { get; } = new(replica.Client);

    public ValueTask DisposeAsync() => replica.DisposeAsync();
}

public sealed record Person(TelegramId TelegramId, UserId UserId, string Token);

public sealed record AuditRow(string Action, string Subject, string Role, DateTimeOffset At, string Details);
