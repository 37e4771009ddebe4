using System.Globalization;
using Npgsql;

namespace Platform.Database;

/// <summary>Changes all rows of a large table in batches, each in its own short transaction. An interrupted backfill resumes where it stopped.</summary>
/// <param name="Name">Identifies the backfill in <c>__backfills</c>; unique in the service.</param>
/// <param name="Table">The table, processed in the order of <paramref name="Key"/>.</param>
/// <param name="Key">An indexed <c>bigint</c> column. Keys may repeat: all rows of a key are in the same batch.</param>
/// <param name="BatchSql">
/// Changes the rows with a key above <c>$1</c> and up to <c>$2</c>:
/// <c>update orders set paid = amount - points_spent where id &gt; $1 and id &lt;= $2</c>.
/// </param>
public sealed record Backfill(string Name, string Table, string Key, string BatchSql)
{
    internal const string CreateTableSql =
        "create table if not exists __backfills (name text primary key, last_key bigint not null, rows bigint not null, finished boolean not null)";

    /// <summary>Rows in a batch. 1,000 take some milliseconds.</summary>
    public int BatchSize { get; init; } = 1000;

    /// <param name="connection">An open connection, not in a transaction, that may create tables.</param>
    /// <param name="report">Called after each batch.</param>
    /// <returns>The number of rows changed, including earlier runs.</returns>
    public async Task<long> Run(NpgsqlConnection connection, Action<BackfillProgress> report, CancellationToken ct)
    {
        await using (var prepare = new NpgsqlCommand($"{CreateTableSql}; {TableGrants.OwnerOnly("__backfills")}", connection))
        {
            await prepare.ExecuteNonQueryAsync(ct);
        }

        var lastKey = await HighestKey(connection, ct);
        while (true)
        {
            var position = await LockRetries.Default.Run(() => RunBatch(connection, ct), _ => { }, ct);
            if (position.Finished)
            {
                return position.Rows;
            }

            report(new BackfillProgress(Name, position.Rows, position.Key, lastKey));
        }
    }

    private async Task<Position> RunBatch(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var position = await ReadPosition(connection, ct);
        if (!position.Finished)
        {
            var (next, changed) = await NextKey(connection, position.Key, ct) is { } to
                ? (position with { Key = to }, await ChangeRows(connection, position.Key, to, ct))
                : (position with { Finished = true }, 0);
            position = next with { Rows = next.Rows + changed };

            await using var save = new NpgsqlCommand("update __backfills set last_key = $2, rows = $3, finished = $4 where name = $1", connection)
            {
                Parameters = { new() { Value = Name }, new() { Value = position.Key }, new() { Value = position.Rows }, new() { Value = position.Finished } },
            };
            await save.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return position;
    }

    private async Task<Position> ReadPosition(NpgsqlConnection connection, CancellationToken ct)
    {
        await using (var limit = new NpgsqlCommand("set local lock_timeout = '500ms'", connection))
        {
            await limit.ExecuteNonQueryAsync(ct);
        }

        await using var read = new NpgsqlCommand("""
            insert into __backfills as kept (name, last_key, rows, finished) values ($1, $2, 0, false)
            on conflict (name) do update set name = excluded.name
            returning last_key, rows, finished
            """, connection)
        {
            Parameters = { new() { Value = Name }, new() { Value = long.MinValue } },
        };
        await using var row = await read.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new Position(row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2));
    }

    private async Task<long?> NextKey(NpgsqlConnection connection, long after, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"select max(key) from (select {Key} as key from {Table} where {Key} > $1 order by {Key} limit $2) batch", connection)
        {
            Parameters = { new() { Value = after }, new() { Value = BatchSize } },
        };
        return await command.ExecuteScalarAsync(ct) as long?;
    }

    private async Task<long> ChangeRows(NpgsqlConnection connection, long after, long to, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(BatchSql, connection) { Parameters = { new() { Value = after }, new() { Value = to } } };
        return Math.Max(await command.ExecuteNonQueryAsync(ct), 0);
    }

    private async Task<long?> HighestKey(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"select max({Key}) from {Table}", connection);
        return await command.ExecuteScalarAsync(ct) as long?;
    }

    private readonly record struct Position(long Key, long Rows, bool Finished);
}

/// <param name="Rows">Rows changed so far, including earlier runs.</param>
/// <param name="LastKey">The highest key when this run began.</param>
public readonly record struct BackfillProgress(string Name, long Rows, long Key, long? LastKey)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}: {Rows} rows done, up to key {Key} of {LastKey}");
}

/// <summary>Runs a <see cref="Backfill"/> as a migration.</summary>
public abstract class BackfillMigration : SqlMigration
{
    protected abstract Backfill Backfill { get; }

    /// <summary>Empty: the batches commit before the transaction that records the migration.</summary>
    protected sealed override string UpSql => "";

    protected abstract string UndoSql { get; }

    /// <summary>Undoes the backfill and deletes its position.</summary>
    protected sealed override string DownSql =>
        $"{UndoSql}\n;{Backfill.CreateTableSql}; delete from __backfills where name = '{Backfill.Name.Replace("'", "''", StringComparison.Ordinal)}';";

    internal string Describe() =>
        $"/* for each {Backfill.BatchSize} rows of {Backfill.Table} by {Backfill.Key}, from $1 to $2, in a separate transaction:\n{Backfill.BatchSql}\n*/";

    internal Task Run(NpgsqlConnection connection, Action<BackfillProgress> report, CancellationToken ct) => Backfill.Run(connection, report, ct);
}
