using Npgsql;

namespace Platform.Database;

internal static class MonthlyPartitions
{
    private const int MonthsAhead = 12;

    /// <remarks>
    /// Moves rows of a new partition's month out of the default partition. Only the owner has rights on partitions, so an
    /// append-only table is append-only in all of them.
    /// </remarks>
    public static async Task Make(NpgsqlDataSource owner, string table, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await owner.OpenConnectionAsync(ct);
        var first = new DateTime(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, DateTimeKind.Utc);
        await Run(connection, DefaultPartition(table), ct);
        for (var ahead = 0; ahead <= MonthsAhead; ahead++)
        {
            await Run(connection, Partition(table, first.AddMonths(ahead)), ct);
        }
    }

    private static Task Run(NpgsqlConnection connection, string sql, CancellationToken ct) => LockRetries.Default.Run(
        async () =>
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using var command = new NpgsqlCommand($"set local lock_timeout = '500ms'; {sql}", connection);
            await command.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
        },
        _ => { }, ct);

    private static string DefaultPartition(string table) => $"""
        do $partition$
        begin
            if to_regclass('{table}_default') is null then
                create table {table}_default partition of {table} default;
            end if;
        end $partition$;
        {TableGrants.OwnerOnly($"{table}_default")}
        """;

    private static string Partition(string table, DateTime month)
    {
        var name = $"{table}_{month:yyyy_MM}";
        return $"""
            do $partition$
            declare
                v_column text := (select attname from pg_partitioned_table, pg_attribute
                    where partrelid = '{table}'::regclass and attrelid = partrelid and attnum = partattrs[0]);
            begin
                if to_regclass('{name}') is null then
                    create table {name} (like {table} including defaults including constraints);
                    execute format(
                        'with taken as (delete from {table}_default where %1$I >= %2$L and %1$I < %3$L returning *) insert into {name} overriding system value select * from taken',
                        v_column, '{month:yyyy-MM-dd} 00:00Z', '{month.AddMonths(1):yyyy-MM-dd} 00:00Z');
                    alter table {table} attach partition {name} for values from ('{month:yyyy-MM-dd} 00:00Z') to ('{month.AddMonths(1):yyyy-MM-dd} 00:00Z');
                end if;
            end $partition$;
            {TableGrants.OwnerOnly(name)}
            """;
    }
}
