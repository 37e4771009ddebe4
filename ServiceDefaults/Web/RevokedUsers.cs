using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Messaging;

namespace Platform.ServiceDefaults.Web;

/// <summary>
/// The people whose access tokens are refused before they expire. Each service keeps its own copy in a table, told by
/// events, and each process keeps that in memory, so that a request asks nobody.
/// </summary>
/// <remarks>
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

    private readonly ConcurrentDictionary<UserId, Entry> _entries = new();
    private volatile State _state = State.NotKept;

    /// <summary>Refuses every token that he holds, and any later one, until <see cref="Restore"/>.</summary>
    /// <param name="version">Version of the person's state; what is older than the version known is ignored.</param>
    public static Task Revoke(DbContext db, UserId user, DateTimeOffset blockedAt, long version, CancellationToken ct) =>
        Write(db, user, blocked: true, blockedAt, version, ct);

    /// <summary>Lets him in again with a token that is issued after <paramref name="unblockedAt"/>.</summary>
    /// <inheritdoc cref="Revoke"/>
    public static Task Restore(DbContext db, UserId user, DateTimeOffset unblockedAt, long version, CancellationToken ct) =>
        Write(db, user, blocked: false, unblockedAt, version, ct);

    /// <summary>Refuses every token that was issued before <paramref name="revokedAt"/>; he signs in again and goes on.</summary>
    /// <inheritdoc cref="Revoke"/>
    public static Task RevokeIssued(DbContext db, UserId user, DateTimeOffset revokedAt, long version, CancellationToken ct) =>
        Write(db, user, blocked: false, revokedAt, version, ct);

    /// <summary>Refuses every token that he holds, and none can come after: who had himself erased is somebody new when he comes back.</summary>
    /// <inheritdoc cref="Revoke"/>
    public static Task Forget(DbContext db, UserId user, long version, CancellationToken ct) =>
        Write(db, user, blocked: false, DateTimeOffset.MaxValue, version, ct);

    /// <param name="openToBlocked">Whether the endpoint lets blocked people in: tokens from before the block are refused all the same.</param>
    internal ErrorCode? Refuses(Caller caller, bool openToBlocked) => _state switch
    {
        State.NotKept => null,
        State.Unread => PlatformErrors.Unavailable,
        _ when caller.UserId is { } user && _entries.TryGetValue(user, out var entry) => entry.Refuses(caller, openToBlocked),
        _ => null,
    };

    /// <summary>From now on, tokens are refused until the table was read.</summary>
    internal void KeepsTable() => _state = State.Unread;

    internal bool IsRead => _state is not State.Unread;

    /// <summary>Reads what changed since the last reading, with a margin for transactions that were open then.</summary>
    internal async Task<DateTime?> Read(NpgsqlDataSource database, DateTime? since, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select user_id, blocked, tokens_before, changed_at from revoked_users
            where changed_at > coalesce($1, '-infinity'::timestamptz) - interval '1 minute'
            """);
        command.Parameters.Add(new NpgsqlParameter<DateTime?> { TypedValue = since });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            _entries[new UserId(rows.GetInt64(0))] = new Entry(rows.GetBoolean(1), rows.GetFieldValue<DateTimeOffset>(2));
            var changedAt = rows.GetDateTime(3);
            since = since is null || changedAt > since ? changedAt : since;
        }

        _state = State.Read;
        return since;
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

    private readonly record struct Entry(bool Blocked, DateTimeOffset TokensBefore)
    {
        // Tokens carry whole milliseconds: one that was issued in the millisecond of the unblocking is a new one. An older one is good
        // for nothing, but nobody is blocked any more: he signs in again.
        public ErrorCode? Refuses(Caller caller, bool openToBlocked) =>
            Blocked && !openToBlocked ? PlatformErrors.UserBlocked
            : caller.TokenIssuedAt.ToUnixTimeMilliseconds() < TokensBefore.ToUnixTimeMilliseconds() ? PlatformErrors.Unauthenticated
            : null;
    }
}

public static class RevokedUsersEvents
{
    /// <summary>Has the service learn who is blocked, and whose tokens of before died. Every service that accepts access tokens lists it, but Users, which knows.</summary>
    public static Events RefusesBlockedUsers<TDb>(this Events events) where TDb : DbContext => events
        .Handles<UserBlocked, RevokeTokens<TDb>>()
        .Handles<UserUnblocked, RestoreTokens<TDb>>()
        .Handles<UserTokensRevoked, RevokeIssuedTokens<TDb>>();
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

/// <summary>Keeps <see cref="RevokedUsers"/> in step with the table, each second.</summary>
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
