using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Npgsql;
using Platform.Contracts;

namespace Platform.Database;

/// <summary>Applies and rolls back migrations, each in a transaction with its verification and its row; then <see cref="SqlFunctions"/>.</summary>
/// <remarks>EF Core's <c>MigrateAsync</c> is not called: it waits for locks without end and knows nothing of batches.</remarks>
internal sealed class Migrator(
    Func<NpgsqlConnection, ServiceDb> open, Func<string> owner, string service, LockRetries retries, SqlFunctions functions)
{
    public const string HistoryTable = "__migrations";

    private static readonly TimeSpan LockPollEvery = TimeSpan.FromMilliseconds(250);

    /// <param name="functions">By default those in the assembly of <typeparamref name="TDb"/>.</param>
    public static Migrator Of<TDb>(ServiceConnections connections, LockRetries? retries = null, SqlFunctions? functions = null)
        where TDb : ServiceDb =>
        new(connection => Open<TDb>(connection, connections.Service), connections.ForOwner, connections.Service,
            retries ?? LockRetries.Default, functions ?? SqlFunctions.In(typeof(TDb).Assembly));

    internal static TDb Open<TDb>(NpgsqlConnection connection, string schema) where TDb : ServiceDb
    {
        var options = new DbContextOptionsBuilder<TDb>().UseNpgsql(connection, npgsql => npgsql.MigrationsHistoryTable(HistoryTable, schema));
        return (TDb)Activator.CreateInstance(typeof(TDb), options.Options)!;
    }

    public async Task<IReadOnlyList<MigrationState>> Status(CancellationToken ct)
    {
        await using var run = await Begin(ct);
        var applied = await run.Applied(ct);
        return [.. run.All.Select(id => new MigrationState(id, applied.Contains(id)))];
    }

    public async Task<IReadOnlyList<FunctionState>> FunctionStatus(CancellationToken ct)
    {
        await using var run = await Begin(ct);
        var changed = await run.ChangedFunctions(ct);
        return [.. functions.All.Select(function => new FunctionState(function.Name, !changed.Contains(function)))];
    }

    public async Task<IReadOnlyList<PlannedMigration>> Plan(CancellationToken ct)
    {
        await using var run = await Begin(ct);
        var applied = await run.Applied(ct);
        return [.. run.All.Except(applied).Select(run.Plan)];
    }

    /// <summary>The functions that <see cref="Apply"/> would create or replace after the migrations, in one transaction.</summary>
    public async Task<PlannedFunctions> PlanFunctions(CancellationToken ct)
    {
        await using var run = await Begin(ct);
        var changed = await run.ChangedFunctions(ct);
        return new PlannedFunctions(
            [.. changed.Select(function => function.Name)], changed.Count == 0 ? [] : [.. functions.Script(changed, service)]);
    }

    /// <param name="report">Gets a line for each thing that happens.</param>
    /// <param name="afterwards">What else only one runner at a time may do: runs while this one still holds the lock.</param>
    public async Task<Applied> Apply(Action<string> report, CancellationToken ct, Func<Applied, Task>? afterwards = null)
    {
        await using var run = await Begin(ct);
        await run.AcquireLock(report, ct);
        await run.CreateHistory(ct);

        var done = new List<AppliedMigration>();
        foreach (var id in run.All.Except(await run.Applied(ct)).ToList())
        {
            var started = Stopwatch.GetTimestamp();
            await run.Up(id, report, ct);
            var applied = new AppliedMigration(id, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            report($"applied {id} ({applied.Milliseconds} ms)");
            done.Add(applied);
        }

        var changed = await run.ApplyFunctions(report, ct);
        foreach (var function in changed)
        {
            report($"applied {function.Name}");
        }

        var all = new Applied(done, [.. changed.Select(function => function.Name)]);
        await (afterwards?.Invoke(all) ?? Task.CompletedTask);
        return all;
    }

    /// <param name="to">The migration to go back to, which stays applied; <c>0</c> for none. Null rolls back only the last one.</param>
    /// <returns>The migrations rolled back, the newest first.</returns>
    /// <exception cref="UnknownMigrationException">No applied migration has this name.</exception>
    /// <exception cref="FactsWouldBeLostException">One of them drops facts; nothing is changed.</exception>
    public async Task<IReadOnlyList<string>> Rollback(string? to, Action<string> report, CancellationToken ct)
    {
        await using var run = await Begin(ct);
        await run.AcquireLock(report, ct);

        var back = await run.NewestAfter(to, ct);
        await run.RefuseToLoseFacts(back, ct);
        var all = back.Count == (await run.Applied(ct)).Count;
        foreach (var id in back)
        {
            await run.Down(id, all, report, ct);
            report($"rolled back {id}");
        }

        return back;
    }

    /// <summary>What <see cref="Rollback"/> would roll back.</summary>
    public async Task<IReadOnlyList<string>> PlanRollback(string? to, CancellationToken ct)
    {
        await using var run = await Begin(ct);
        var back = await run.NewestAfter(to, ct);
        await run.RefuseToLoseFacts(back, ct);
        return back;
    }

    /// <summary>By its whole id or without the time before it.</summary>
    private static bool IsCalled(string id, string name) =>
        id == name || (id.IndexOf('_', StringComparison.Ordinal) is var at and >= 0 && id[(at + 1)..] == name);

    private async Task<Run> Begin(CancellationToken ct)
    {
        var connection = new NpgsqlConnection(owner());
        await connection.OpenAsync(ct);
        return new Run(open(connection), connection, service, retries, functions);
    }

    private sealed class Run(ServiceDb db, NpgsqlConnection connection, string service, LockRetries retries, SqlFunctions functions)
        : IAsyncDisposable
    {
        private readonly IMigrationsAssembly _migrations = db.GetService<IMigrationsAssembly>();
        private readonly IHistoryRepository _history = db.GetService<IHistoryRepository>();
        private readonly IMigrationsSqlGenerator _sql = db.GetService<IMigrationsSqlGenerator>();

        public IEnumerable<string> All => _migrations.Migrations.Keys.Order(StringComparer.Ordinal);

        public async Task<IReadOnlySet<string>> Applied(CancellationToken ct) => await _history.ExistsAsync(ct)
            ? (await _history.GetAppliedMigrationsAsync(ct)).Select(row => row.MigrationId).ToHashSet(StringComparer.Ordinal)
            : new HashSet<string>();

        public async Task<IReadOnlyList<string>> NewestAfter(string? to, CancellationToken ct)
        {
            var applied = await Applied(ct);
            var newestFirst = All.Where(applied.Contains).Reverse().ToList();
            var after = to switch
            {
                null => [.. newestFirst.Take(1)],
                "0" => newestFirst,
                _ => newestFirst.TakeWhile(id => !IsCalled(id, to)).ToList(),
            };
            return to is not (null or "0") && after.Count == newestFirst.Count ? throw new UnknownMigrationException(to, newestFirst) : after;
        }

        /// <remarks>Checked for all of them before the first is rolled back, and again in the transaction of each.</remarks>
        public async Task RefuseToLoseFacts(IReadOnlyList<string> back, CancellationToken ct)
        {
            var lost = new List<LostFact>();
            foreach (var (id, drop) in from id in back
                                       where Make(id) is SqlMigration
                                       from drop in ((SqlMigration)Make(id)).Facts()
                                       select (id, drop))
            {
                await using var count = new NpgsqlCommand(drop.CountSql, connection);
                try
                {
                    if (await count.ExecuteScalarAsync(ct) is long rows and > 0)
                    {
                        lost.Add(new LostFact(id, drop.Name, rows));
                    }
                }
                // Renamed by a later migration, which is rolled back first.
                catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
                {
                }
            }

            if (lost.Count > 0)
            {
                throw new FactsWouldBeLostException(lost);
            }
        }

        public async Task AcquireLock(Action<string> report, CancellationToken ct)
        {
            // Polls instead of waiting: a waiting statement holds a snapshot, and the other run's `create index concurrently`
            // would wait for that.
            for (var isReported = false; !await TryLock(ct); isReported = true)
            {
                if (!isReported)
                {
                    report("another migration is running; waiting for it to end");
                }

                await Task.Delay(LockPollEvery, ct);
            }
        }

        private async Task<bool> TryLock(CancellationToken ct)
        {
            await using var command = new NpgsqlCommand("select pg_try_advisory_lock(hashtextextended($1, 0))", connection)
            {
                Parameters = { new() { Value = $"{service}:migrate" } },
            };
            return (bool)(await command.ExecuteScalarAsync(ct))!;
        }

        public Task CreateHistory(CancellationToken ct) =>
            Execute($"{_history.GetCreateIfNotExistsScript()}; {TableGrants.OwnerOnly($"{service}.{HistoryTable}")}", ct);

        public async Task Up(string id, Action<string> report, CancellationToken ct)
        {
            var migration = Make(id);
            if (migration is BackfillMigration backfill)
            {
                await backfill.Run(connection, progress => report(progress.ToString()), ct);
            }

            await RunRetried(id, first: null, migration.UpOperations, _history.GetInsertScript(new HistoryRow(id, ProductInfo.GetVersion())), report, ct);
        }

        /// <param name="all">Whether no migration stays, and so no function either.</param>
        public async Task Down(string id, bool all, Action<string> report, CancellationToken ct)
        {
            if (!all)
            {
                try
                {
                    await RunDown(SqlFunctions.ForgetSql);
                    return;
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DependentObjectsStillExist)
                {
                    report($"{id}: it drops what functions depend on, so they are dropped too; the next migrate creates its own");
                }
            }

            await RunDown(SqlFunctions.DropSql);

            Task RunDown(string first) => RunRetried(id, first, Make(id).DownOperations, _history.GetDeleteScript(id), report, ct);
        }

        public Task<IReadOnlyList<SqlFunction>> ChangedFunctions(CancellationToken ct) => functions.Changed(connection, ct);

        public Task<IReadOnlyList<SqlFunction>> ApplyFunctions(Action<string> report, CancellationToken ct) => retries.Run(
            () => functions.Apply(connection, service, ct), tries => report(NotGranted("functions", tries)), ct);

        public PlannedMigration Plan(string id)
        {
            var migration = Make(id);
            var batches = migration is BackfillMigration backfill ? [new PlannedStatement(backfill.Describe(), InTransaction: false)]
                : Array.Empty<PlannedStatement>();
            var statements = _sql.Generate(migration.UpOperations, db.Model)
                .Select(command => new PlannedStatement(command.CommandText.Trim(), !command.TransactionSuppressed));
            return new PlannedMigration(id, [.. batches, .. statements]);
        }

        private Migration Make(string id) => _migrations.CreateMigration(_migrations.Migrations[id], db.Database.ProviderName!);

        private Task RunRetried(
            string id, string? first, IReadOnlyList<MigrationOperation> operations, string record,
            Action<string> report, CancellationToken ct) =>
            retries.Run(() => RunOnce(first, operations, record, ct), tries => report(NotGranted(id, tries)), ct);

        private string NotGranted(string what, int tries) =>
            $"{what}: a lock was not granted within 500 ms, nothing is changed; try {tries + 1} of {retries.Tries} follows";

        private async Task RunOnce(string? first, IReadOnlyList<MigrationOperation> operations, string record, CancellationToken ct)
        {
            NpgsqlTransaction? transaction = null;
            try
            {
                if (first is not null)
                {
                    transaction = await connection.BeginTransactionAsync(ct);
                    await Execute($"set local lock_timeout = '500ms'; {first}", ct);
                }

                foreach (var command in _sql.Generate(operations, db.Model))
                {
                    if (command.TransactionSuppressed && transaction is not null)
                    {
                        await transaction.CommitAsync(ct);
                        await transaction.DisposeAsync();
                        transaction = null;
                    }
                    else if (!command.TransactionSuppressed)
                    {
                        transaction ??= await connection.BeginTransactionAsync(ct);
                    }

                    await Execute(command.CommandText, ct);
                }

                transaction ??= await connection.BeginTransactionAsync(ct);
                await Execute(record, ct);
                await transaction.CommitAsync(ct);
            }
            finally
            {
                if (transaction is not null)
                {
                    await transaction.DisposeAsync();
                }
            }
        }

        private async Task Execute(string sql, CancellationToken ct)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(ct);
        }

        public async ValueTask DisposeAsync()
        {
            await db.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}

internal sealed record MigrationState(string Id, bool Applied);

/// <param name="Current">False when it is missing or has another text.</param>
internal sealed record FunctionState(string Name, bool Current);

/// <param name="Functions">Files of the SQL functions that were created or replaced.</param>
internal sealed record Applied(IReadOnlyList<AppliedMigration> Migrations, IReadOnlyList<string> Functions);

internal sealed record AppliedMigration(string Id, long Milliseconds);

internal sealed record PlannedMigration(string Id, IReadOnlyList<PlannedStatement> Statements);

/// <param name="Statements">Of one transaction.</param>
internal sealed record PlannedFunctions(IReadOnlyList<string> Names, IReadOnlyList<string> Statements);

internal sealed record PlannedStatement(string Sql, bool InTransaction);

/// <param name="Name">Of the table, or of the table and its column.</param>
internal sealed record LostFact(string Migration, string Name, long Rows);

internal sealed class UnknownMigrationException(string name, IReadOnlyList<string> applied) : VerbFailedException(
    applied.FirstOrDefault(id => id.Contains(name, StringComparison.OrdinalIgnoreCase)) is { } near
        ? $"No applied migration is called {name}. Did you mean {near}?"
        : $"No applied migration is called {name}. The last one applied is {(applied.Count == 0 ? "none" : applied[0])}; migrate status lists all.",
    ExitCode.Usage);

internal sealed class FactsWouldBeLostException(IReadOnlyList<LostFact> lost) : VerbFailedException(
    $"Rolling back would lose facts: {string.Join(", ", lost.Select(fact => $"{fact.Rows} {(fact.Rows == 1 ? "row" : "rows")} of {fact.Name} ({fact.Migration})"))}. Nothing was changed.",
    ExitCode.Usage)
{
    public IReadOnlyList<LostFact> Lost => lost;
}
