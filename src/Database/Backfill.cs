using System.Globalization;
using Npgsql;

namespace Platform.Database;

/// <summary>
/// A change of every row of a large table, in batches that commit one by one: locks are short, and after a kill it goes on
/// behind the last batch that committed. No row is done twice, since its place is committed with the batch.
/// </summary>
/// <param name="Name">Under which its place is kept, in <c>__backfills</c>; unique in the service.</param>
/// <param name="Table">Walked in the order of <paramref name="Key"/>.</param>
/// <param name="Key">A <c>bigint</c> column with an index. Keys may repeat: a batch never ends within one.</param>
/// <param name="BatchSql">
/// Changes the rows whose key is above <c>$1</c> and at most <c>$2</c>:
/// <c>update orders set paid = amount - points_spent where id &gt; $1 and id &lt;= $2</c>.
/// </param>
public sealed record Backfill(string Name, string Table, string Key, string BatchSql)
{
    internal const string CreateTableSql =
        "create table if not exists __backfills (name text primary key, last_key bigint not null, rows bigint not null, finished boolean not null)";

    /// <summary>Rows a batch: some milliseconds of work.</summary>
    public int BatchSize { get; init; } = 1000;

    /// <param name="connection">Open, not in a transaction, and allowed to create tables.</param>
    /// <param name="report">Told after each batch.</param>
    /// <returns>How many rows were done, earlier runs included.</returns>
    public async Task<long> Run(NpgsqlConnection connection, Action<BackfillProgress> report, CancellationToken ct)
    {
        await using (var prepare = new NpgsqlCommand($"{CreateTableSql}; {TableGrants.OwnerOnly("__backfills")}", connection))
        {
            await prepare.ExecuteNonQueryAsync(ct);
        }

        var lastKey = await HighestKey(connection, ct);
        while (true)
        {
            var place = await LockRetries.Default.Run(() => RunBatch(connection, ct), _ => { }, ct);
            if (place.Finished)
            {
                return place.Rows;
            }

            report(new BackfillProgress(Name, place.Rows, place.Key, lastKey));
        }
    }

    private async Task<Place> RunBatch(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var place = await ReadPlace(connection, ct);
        if (!place.Finished)
        {
            var (next, changed) = await NextKey(connection, place.Key, ct) is { } to
                ? (place with { Key = to }, await ChangeRows(connection, place.Key, to, ct))
                : (place with { Finished = true }, 0);
            place = next with { Rows = next.Rows + changed };

            await using var keep = new NpgsqlCommand("update __backfills set last_key = $2, rows = $3, finished = $4 where name = $1", connection)
            {
                Parameters = { new() { Value = Name }, new() { Value = place.Key }, new() { Value = place.Rows }, new() { Value = place.Finished } },
            };
            await keep.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return place;
    }

    private async Task<Place> ReadPlace(NpgsqlConnection connection, CancellationToken ct)
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
        return new Place(row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2));
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

    private readonly record struct Place(long Key, long Rows, bool Finished);
}

/// <param name="Rows">Changed so far, earlier runs included.</param>
/// <param name="LastKey">The highest key when this run began.</param>
public readonly record struct BackfillProgress(string Name, long Rows, long Key, long? LastKey)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}: {Rows} rows done, up to key {Key} of {LastKey}");
}

/// <summary>Runs a <see cref="Backfill"/> in its place among the migrations; its verification ends it.</summary>
public abstract class BackfillMigration : SqlMigration
{
    protected abstract Backfill Backfill { get; }

    /// <summary>Nothing: the batches commit before the transaction that records the migration.</summary>
    protected sealed override string UpSql => "";

    /// <summary>Takes back what was filled in.</summary>
    protected abstract string UndoSql { get; }

    /// <summary>Takes back what was filled in, and forgets the place.</summary>
    protected sealed override string DownSql =>
        $"{UndoSql}\n;{Backfill.CreateTableSql}; delete from __backfills where name = '{Backfill.Name.Replace("'", "''", StringComparison.Ordinal)}';";

    internal string Describe() =>
        $"/* for each {Backfill.BatchSize} rows of {Backfill.Table} by {Backfill.Key}, from $1 to $2, in a transaction of its own:\n{Backfill.BatchSql}\n*/";

    internal Task Run(NpgsqlConnection connection, Action<BackfillProgress> report, CancellationToken ct) => Backfill.Run(connection, report, ct);
}
