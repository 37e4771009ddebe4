using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;

namespace Platform.ServiceDefaults.Web;

/// <summary>People and staff whose access tokens are revoked: a copy in each service, updated by events, and in each process's memory.</summary>
/// <remarks>
/// A token carries the version of the person and of the member of staff that it was issued for. A revocation raises the version, and
/// tokens with a lower one are refused; clocks play no part. A block reaches a process within a second of its event. Until a process
/// has loaded the tables it answers 503 to every token, so that no blocked person gets in.
/// </remarks>
public sealed class RevokedUsers
{
    /// <remarks>Readers find new rows by <c>changed_at</c>, so it is the database's clock and not the transaction's start.</remarks>
    public const string Sql = """
        create table revoked_users (
            user_id bigint primary key,
            blocked boolean not null,
            tokens_before timestamptz not null,
            version bigint not null,
            changed_at timestamptz not null
        );
        create index ix_revoked_users_changed_at on revoked_users (changed_at);
        """;

    public const string DropSql = "drop table revoked_users;";

    /// <remarks>Each service's first migration creates it beside <see cref="PlatformTables"/>.</remarks>
    public const string StaffSql = """
        create table revoked_staff (
            staff_id bigint primary key,
            version bigint not null,
            changed_at timestamptz not null
        );
        create index ix_revoked_staff_changed_at on revoked_staff (changed_at);
        """;

    public const string StaffDropSql = "drop table revoked_staff;";

    public const string StaffVerifySql = "select to_regclass('revoked_staff') is not null";

    private readonly ConcurrentDictionary<UserId, Entry> _entries = new();
    private readonly ConcurrentDictionary<StaffId, long> _staff = new();
    private volatile State _state = State.NotUsed;

    /// <summary>Refuses the person's tokens, later ones too, until <see cref="Restore"/>.</summary>
    /// <param name="version">The person's version. Older versions than the known one are ignored.</param>
    public static Task Revoke(DbContext db, UserId user, DateTimeOffset blockedAt, long version, CancellationToken ct) =>
        Write(db, user, blocked: true, blockedAt, version, ct);

    /// <summary>Accepts tokens issued after <paramref name="unblockedAt"/> again.</summary>
    public static Task Restore(DbContext db, UserId user, DateTimeOffset unblockedAt, long version, CancellationToken ct) =>
        Write(db, user, blocked: false, unblockedAt, version, ct);

    /// <summary>Refuses tokens issued for older versions of the person, who can sign in again.</summary>
    public static Task RevokeIssued(DbContext db, UserId user, DateTimeOffset revokedAt, long version, CancellationToken ct) =>
        Write(db, user, blocked: false, revokedAt, version, ct);

    /// <summary>Refuses all tokens of an erased person for good. Someone who registers again gets a new id.</summary>
    public static Task RevokeErased(DbContext db, UserId user, long version, CancellationToken ct) =>
        Write(db, user, blocked: false, DateTimeOffset.MaxValue, version, ct);

    /// <summary>Refuses tokens issued for older versions of this member of staff.</summary>
    public static Task RevokeStaff(DbContext db, StaffId staff, long version, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"""
            insert into revoked_staff as known (staff_id, version, changed_at) values ({staff.Value}, {version}, clock_timestamp())
            on conflict (staff_id) do update set version = excluded.version, changed_at = clock_timestamp()
            where known.version < excluded.version
            """, ct);

    /// <param name="openToBlocked">Whether the endpoint admits blocked people. Tokens from before the block are refused anyway.</param>
    internal ErrorCode? Refuses(Caller caller, bool openToBlocked) => _state switch
    {
        State.NotUsed => null,
        State.NotLoaded => PlatformErrors.Unavailable,
        _ => RefusesPerson(caller, openToBlocked) ?? RefusesStaff(caller),
    };

    private ErrorCode? RefusesPerson(Caller caller, bool openToBlocked) =>
        caller.UserId is { } user && _entries.TryGetValue(user, out var entry) ? entry.Refuses(caller, openToBlocked) : null;

    private ErrorCode? RefusesStaff(Caller caller) =>
        caller.StaffId is { } staff && _staff.TryGetValue(staff, out var version) && (caller.StaffVersion ?? 0) < version
            ? PlatformErrors.Unauthenticated
            : null;

    /// <summary>Makes <see cref="Refuses"/> answer 503 until the tables are loaded.</summary>
    internal void RequireLoad() => _state = State.NotLoaded;

    internal bool IsLoaded => _state is not State.NotLoaded;

    /// <param name="since">The result of the last load; null loads everything.</param>
    /// <returns>The time to pass to the next load. Every row not seen yet has changed after it.</returns>
    internal async Task<DateTime> Load(NpgsqlDataSource database, DateTime? since, CancellationToken ct)
    {
        // Read before the rows. A row that is not committed yet was changed after its transaction began, so the next load starts at
        // the oldest open transaction of the service's role. The minute allows for a server clock that is set back.
        await using var started = database.CreateCommand("""
            select least(clock_timestamp(), min(xact_start)) - interval '1 minute' from pg_stat_activity
            where usename = current_user and datname = current_database()
            """);
        var next = (DateTime)(await started.ExecuteScalarAsync(ct))!;

        await using var batch = database.CreateBatch();
        Add(batch, "select user_id, blocked, tokens_before, version from revoked_users where changed_at >= $1", since);
        Add(batch, "select staff_id, version from revoked_staff where changed_at >= $1", since);
        await using var rows = await batch.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            _entries[new UserId(rows.GetInt64(0))] = new Entry(rows.GetBoolean(1), rows.GetFieldValue<DateTimeOffset>(2), rows.GetInt64(3));
        }

        await rows.NextResultAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            _staff[new StaffId(rows.GetInt64(0))] = rows.GetInt64(1);
        }

        _state = State.Loaded;
        return next;
    }

    private static void Add(NpgsqlBatch batch, string sql, DateTime? since)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        // Npgsql sends DateTime.MinValue as -infinity.
        command.Parameters.AddWithValue(since ?? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc));
        batch.BatchCommands.Add(command);
    }

    private static Task<int> Write(DbContext db, UserId user, bool blocked, DateTimeOffset tokensBefore, long version, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"""
            insert into revoked_users as known (user_id, blocked, tokens_before, version, changed_at)
            values ({user.Value}, {blocked}, {tokensBefore.ToUniversalTime()}, {version}, clock_timestamp())
            on conflict (user_id) do update
            set blocked = excluded.blocked,
                tokens_before = greatest(known.tokens_before, excluded.tokens_before),
                version = excluded.version,
                changed_at = clock_timestamp()
            where known.version < excluded.version
            """, ct);

    private enum State
    {
        /// <summary>The service has no such tables.</summary>
        NotUsed,
        NotLoaded,
        Loaded,
    }

    private readonly record struct Entry(bool Blocked, DateTimeOffset TokensBefore, long Version)
    {
        // A person who is no longer blocked may sign in again, hence Unauthenticated.
        public ErrorCode? Refuses(Caller caller, bool openToBlocked) =>
            Blocked && !openToBlocked ? PlatformErrors.UserBlocked
            : IsOlder(caller) ? PlatformErrors.Unauthenticated
            : null;

        // Earlier releases issued tokens without a version, and compared times in milliseconds.
        private bool IsOlder(Caller caller) => caller.PersonVersion is { } version
            ? version < Version
            : caller.TokenIssuedAt.ToUnixTimeMilliseconds() < TokensBefore.ToUnixTimeMilliseconds();
    }
}

public static class RevokedUsersExtensions
{
    /// <summary>Keeps the service's copy of revoked people and staff up to date. For every service that accepts access tokens, except Users.</summary>
    public static Events TracksRevokedUsers<TDb>(this Events events) where TDb : DbContext => events
        .Handles<UserBlocked, RevokeTokens<TDb>>()
        .Handles<UserUnblocked, RestoreTokens<TDb>>()
        .Handles<UserTokensRevoked, RevokeIssuedTokens<TDb>>()
        .Handles<StaffTokensRevoked, RevokeStaffTokens<TDb>>();
}

internal sealed class RevokeTokens<TDb>(TDb db) : IEventHandler<UserBlocked> where TDb : DbContext
{
    public Task Handle(UserBlocked message, CancellationToken ct) =>
        RevokedUsers.Revoke(db, message.UserId, message.BlockedAt, message.Version, ct);
}

internal sealed class RestoreTokens<TDb>(TDb db) : IEventHandler<UserUnblocked> where TDb : DbContext
{
    public Task Handle(UserUnblocked message, CancellationToken ct) =>
        RevokedUsers.Restore(db, message.UserId, message.UnblockedAt, message.Version, ct);
}

internal sealed class RevokeIssuedTokens<TDb>(TDb db) : IEventHandler<UserTokensRevoked> where TDb : DbContext
{
    public Task Handle(UserTokensRevoked message, CancellationToken ct) =>
        RevokedUsers.RevokeIssued(db, message.UserId, message.RevokedAt, message.Version, ct);
}

internal sealed class RevokeStaffTokens<TDb>(TDb db) : IEventHandler<StaffTokensRevoked> where TDb : DbContext
{
    public Task Handle(StaffTokensRevoked message, CancellationToken ct) => RevokedUsers.RevokeStaff(db, message.StaffId, message.Version, ct);
}

/// <summary>Loads the tables into <see cref="RevokedUsers"/> every second.</summary>
internal sealed partial class RefreshRevokedUsers(RevokedUsers revoked, NpgsqlDataSource database, ILogger<RefreshRevokedUsers> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private DateTime? _since;
    private bool _failing;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        revoked.RequireLoad();
        // Before the first request. If the database is unavailable, the service is not ready and the loop tries again.
        await Load(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    // System time, not TimeProvider: a test that stops the clock must still see a block arrive.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await Load(stoppingToken);
        }
    }

    private async Task Load(CancellationToken ct)
    {
        try
        {
            _since = await revoked.Load(database, _since, ct);
            _failing = false;
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            if (!_failing)
            {
                _failing = true;
                LogFailed(fault, Every);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Loading the revoked users failed. Retrying every {Every}; until then new blocks do not take effect in this process.")]
    private partial void LogFailed(Exception fault, TimeSpan every);
}
