using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;

namespace Platform.ServiceDefaults.Web;

/// <summary>
/// The people, and the members of the staff, whose access tokens are refused before they expire. Each service keeps its own copy in
/// two tables, told by events, and each process keeps that in memory, so that a request asks nobody.
/// </summary>
/// <remarks>
/// A token carries the version of the person, and of the member of the staff, that it was issued for; a revocation makes a higher one,
/// and what is lower is refused. So no clock is asked, and two replicas whose clocks differ agree.
/// A block reaches a process within a second of its event. Until a process has read the table for the first time, it
/// refuses every token with 503: better that than letting a blocked person in.
/// </remarks>
public sealed class RevokedUsers
{
    /// <remarks>
    /// <c>changed_at</c> is no business time: it is the database's clock, by which readers find what is new. So it must be
    /// one clock and one that a transaction's start does not freeze.
    /// </remarks>
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

    /// <remarks>As the other table, and later than it: each service makes it in a migration of its own.</remarks>
    public const string StaffSql = """
        create table revoked_staff (
            staff_id bigint primary key,
            version bigint not null,
            changed_at timestamptz not null
        );
        create index ix_revoked_staff_changed_at on revoked_staff (changed_at);
        """;

    public const string StaffDropSql = "drop table revoked_staff;";

    /// <summary>For the verification of the migration that makes it.</summary>
    public const string StaffVerifySql = "select to_regclass('revoked_staff') is not null";

    private readonly ConcurrentDictionary<UserId, Entry> _entries = new();
    private readonly ConcurrentDictionary<StaffId, long> _staff = new();
    private volatile State _state = State.NotKept;

    /// <summary>Refuses every token that he holds, and any later one, until <see cref="Restore"/>.</summary>
    /// <param name="version">Version of the person's state; what is older than the version known is ignored.</param>
    public static Task Revoke(DbContext db, UserId user, DateTimeOffset blockedAt, long version, CancellationToken ct) =>
        Write(db, user, blocked: true, blockedAt, version, ct);

    /// <summary>Lets him in again with a token that is issued after <paramref name="unblockedAt"/>.</summary>
    /// <inheritdoc cref="Revoke"/>
    public static Task Restore(DbContext db, UserId user, DateTimeOffset unblockedAt, long version, CancellationToken ct) =>
        Write(db, user, blocked: false, unblockedAt, version, ct);

    /// <summary>Refuses every token that was issued for an older version of the person, who signs in again and goes on.</summary>
    /// <inheritdoc cref="Revoke"/>
    public static Task RevokeIssued(DbContext db, UserId user, DateTimeOffset revokedAt, long version, CancellationToken ct) =>
        Write(db, user, blocked: false, revokedAt, version, ct);

    /// <summary>Refuses every token that he holds, and none can come after: who had himself erased is somebody new when he comes back.</summary>
    /// <inheritdoc cref="Revoke"/>
    public static Task Forget(DbContext db, UserId user, long version, CancellationToken ct) =>
        Write(db, user, blocked: false, DateTimeOffset.MaxValue, version, ct);

    /// <summary>Refuses every token that was issued for an older version of this member of the staff.</summary>
    public static Task RevokeStaff(DbContext db, StaffId staff, long version, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"""
            insert into revoked_staff as known (staff_id, version, changed_at) values ({staff.Value}, {version}, clock_timestamp())
            on conflict (staff_id) do update set version = excluded.version, changed_at = clock_timestamp()
            where known.version < excluded.version
            """, ct);

    /// <param name="openToBlocked">Whether the endpoint lets blocked people in: tokens from before the block are refused all the same.</param>
    internal ErrorCode? Refuses(Caller caller, bool openToBlocked) => _state switch
    {
        State.NotKept => null,
        State.Unread => PlatformErrors.Unavailable,
        _ => RefusesPerson(caller, openToBlocked) ?? RefusesStaff(caller),
    };

    private ErrorCode? RefusesPerson(Caller caller, bool openToBlocked) =>
        caller.UserId is { } user && _entries.TryGetValue(user, out var entry) ? entry.Refuses(caller, openToBlocked) : null;

    private ErrorCode? RefusesStaff(Caller caller) =>
        caller.StaffId is { } staff && _staff.TryGetValue(staff, out var version) && (caller.StaffVersion ?? 0) < version
            ? PlatformErrors.Unauthenticated
            : null;

    /// <summary>From now on, tokens are refused until the table was read.</summary>
    internal void KeepsTable() => _state = State.Unread;

    internal bool IsRead => _state is not State.Unread;

    /// <summary>Reads what changed since the last reading.</summary>
    /// <param name="since">What the last reading returned; null reads everything.</param>
    /// <returns>The moment from which the next one reads: what is not seen yet has changed after it.</returns>
    internal async Task<DateTime> Read(NpgsqlDataSource database, DateTime? since, CancellationToken ct)
    {
        // Before the rows are looked at. Whatever is being written at this moment was begun by the service's own role, however long
        // ago, and has changed its row after it began. The minute is for a clock of the server that is set back.
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

        _state = State.Read;
        return next;
    }

    private static void Add(NpgsqlBatch batch, string sql, DateTime? since)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        // Npgsql writes the least of all moments as -infinity.
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
        NotKept,
        Unread,
        Read,
    }

    private readonly record struct Entry(bool Blocked, DateTimeOffset TokensBefore, long Version)
    {
        // An older token is good for nothing, but nobody is blocked any more: they sign in again.
        public ErrorCode? Refuses(Caller caller, bool openToBlocked) =>
            Blocked && !openToBlocked ? PlatformErrors.UserBlocked
            : IsOlder(caller) ? PlatformErrors.Unauthenticated
            : null;

        // A token without a version is of a release that went by the clock, to the millisecond.
        private bool IsOlder(Caller caller) => caller.PersonVersion is { } version
            ? version < Version
            : caller.TokenIssuedAt.ToUnixTimeMilliseconds() < TokensBefore.ToUnixTimeMilliseconds();
    }
}

public static class RevokedUsersEvents
{
    /// <summary>Has the service learn who is blocked, and whose tokens of before died. Every service that accepts access tokens lists it, but Users, which knows.</summary>
    public static Events RefusesBlockedUsers<TDb>(this Events events) where TDb : DbContext => events
        .Handles<UserBlocked, RevokeTokens<TDb>>()
        .Handles<UserUnblocked, RestoreTokens<TDb>>()
        .Handles<UserTokensRevoked, RevokeIssuedTokens<TDb>>()
        .Handles<StaffTokensRevoked, RevokeStaffTokens<TDb>>();
}

internal sealed class RevokeTokens<TDb>(TDb db) : IHandle<UserBlocked> where TDb : DbContext
{
    public Task Handle(UserBlocked happened, CancellationToken ct) =>
        RevokedUsers.Revoke(db, happened.UserId, happened.BlockedAt, happened.Version, ct);
}

internal sealed class RestoreTokens<TDb>(TDb db) : IHandle<UserUnblocked> where TDb : DbContext
{
    public Task Handle(UserUnblocked happened, CancellationToken ct) =>
        RevokedUsers.Restore(db, happened.UserId, happened.UnblockedAt, happened.Version, ct);
}

internal sealed class RevokeIssuedTokens<TDb>(TDb db) : IHandle<UserTokensRevoked> where TDb : DbContext
{
    public Task Handle(UserTokensRevoked happened, CancellationToken ct) =>
        RevokedUsers.RevokeIssued(db, happened.UserId, happened.RevokedAt, happened.Version, ct);
}

internal sealed class RevokeStaffTokens<TDb>(TDb db) : IHandle<StaffTokensRevoked> where TDb : DbContext
{
    public Task Handle(StaffTokensRevoked happened, CancellationToken ct) => RevokedUsers.RevokeStaff(db, happened.StaffId, happened.Version, ct);
}

/// <summary>Keeps <see cref="RevokedUsers"/> in step with the tables, each second.</summary>
internal sealed partial class ReadRevokedUsers(RevokedUsers revoked, NpgsqlDataSource database, ILogger<ReadRevokedUsers> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private DateTime? _since;
    private bool _failing;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        revoked.KeepsTable();
        // Once before the first request; when the database is away, the loop goes on and the service is not ready.
        await ReadOnce(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    // The machine's own timer, not the TimeProvider: a test that stops the clock must still see a block arrive.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await ReadOnce(stoppingToken);
        }
    }

    private async Task ReadOnce(CancellationToken ct)
    {
        try
        {
            _since = await revoked.Read(database, _since, ct);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reading who is blocked failed; it is tried again every {Every}. Blocks of meanwhile are not known here.")]
    private partial void LogFailed(Exception fault, TimeSpan every);
}
