using Npgsql;
using Platform.Contracts;
using Platform.Database;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Web;

namespace Platform.Benchmarks.Platform;

/// <summary>
/// The callers: numbered from 1, known to every service, each with a token. They are inserted into the services' tables,
/// because registering a hundred thousand people would take longer than the measurements. The tokens are made with the
/// platform's keys but last for a whole run.
/// </summary>
internal sealed class Population
{
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(6);

    /// <summary>The operation that is charged. No one runs out of credits.</summary>
    public const string Operation = "Benchmark";

    private readonly MeasuredPlatform _platform;
    private readonly string[] _tokens;
    private readonly string[] _staff;
    private int _next;
    private int _codesGiven;

    private Population(MeasuredPlatform platform, string[] tokens, string[] staff) => (_platform, _tokens, _staff) = (platform, tokens, staff);

    public int Count => _tokens.Length;

    /// <summary>The token of the next person, in turn.</summary>
    public string NextToken() => _tokens[(uint)Interlocked.Increment(ref _next) % (uint)_tokens.Length];

    /// <summary>A staff token. Each client of the load has its own, because one person's orders are placed one at a time.</summary>
    public string StaffToken(int client) => _staff[client];

    public static async Task<Population> Create(MeasuredPlatform platform, Settings settings, CancellationToken ct)
    {
        await Execute("users", """
            insert into users (id, telegram_id, full_name, phone, language, consent_personal_data, consent_at, consent_by, consent_text, consent_through,
                is_active, version, created_at, updated_at)
            overriding system value
            select n, 5000000000 + n, 'Guest ' || n, '+7' || 9000000000 + n, 'ru', true, now(), 'telegram:' || 5000000000 + n, '2026-01', 'client-bot',
                true, 1, now(), now()
            from generate_series(1, $1) n
            """, settings.Users);
        await Execute("loyalty", """
            insert into accounts (user_id, level, level_since, opened_at) select n, 'standard', now(), now() from generate_series(1, $1) n
            """, settings.Users);
        await Execute("billing", "select count(*) from generate_series(1, $1) n, lateral open_account(n, 1000000, now())", settings.Users);
        await Execute("billing", "insert into operations (name, price) values ($1, 0.01)", Operation);
        await Execute("notifications", """
            insert into contacts (user_id, telegram_id, full_name, language, version)
            select n, 5000000000 + n, 'Guest ' || n, 'ru', 1 from generate_series(1, $1) n
            """, settings.Users);
        await Execute("postgres", "vacuum analyze");
        await Execute("postgres", "checkpoint");

        await using var issuer = TokenIssuer(platform);
        var tokens = issuer.Services.GetRequiredService<AccessTokens>();
        return new Population(
            platform,
            [
                .. Enumerable.Range(1, settings.Users).Select(n =>
                    tokens.Issue(new TokenSubject(Role.Client, new UserId(n), new TelegramId(5_000_000_000 + n), Actor: "client-bot"), TokenLifetime)),
            ],
            [.. Enumerable.Range(1, settings.Clients).Select(n => tokens.Issue(new TokenSubject(Role.Staff, StaffId: new StaffId(n)), TokenLifetime))]);

        async Task Execute(string role, string sql, params object[] parameters)
        {
            await using var database = NpgsqlDataSource.Create(platform.RoleOf(role));
            await using var command = database.CreateCommand(sql);
            foreach (var value in parameters)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            await command.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>New payment codes, each of another guest, valid for ten minutes.</summary>
    public async Task<IReadOnlyList<string>> Codes(int count, CancellationToken ct)
    {
        // A used number cannot be issued again for ten minutes, so the numbers go round the whole million.
        var first = _codesGiven;
        _codesGiven += count;
        await using var database = NpgsqlDataSource.Create(_platform.RoleOf("loyalty"));
        await using var command = database.CreateCommand("""
            select given.code
            from generate_series($1, $1 + $2 - 1) n, lateral give_payment_code(
                n % $3 + 1, array[lpad((n % 1000000)::text, 6, '0')], now(), now() + interval '10 minutes', interval '10 minutes',
                null, null, null, null, null) given
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = first });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Count });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var codes = new List<string>(count);
        while (await rows.ReadAsync(ct))
        {
            codes.Add(rows.GetString(0));
        }

        return codes;
    }

    // Never started: only its keys are needed.
    private static WebApplication TokenIssuer(MeasuredPlatform platform)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Configuration.AddInMemoryCollection(platform.SettingsOf("gateway")!);
        builder.AddServiceDefaults("bench");
        builder.AddServiceDatabase();
        return builder.Build();
    }
}
