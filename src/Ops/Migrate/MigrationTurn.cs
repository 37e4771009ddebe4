using Npgsql;
using Platform.Ops.Terminal;

namespace Platform.Ops.Migrate;

/// <summary>
/// One runner at a time on a database: an advisory lock, held until this is disposed or the process is dead. A service's own
/// <c>migrate</c> takes another, its service's, so that two can never be at the same schema even if this connection is lost.
/// </summary>
internal sealed class MigrationTurn : IAsyncDisposable
{
    private const string Key = "hashtextextended('platform:migrate', 0)";

    private readonly NpgsqlConnection _connection;

    private MigrationTurn(NpgsqlConnection connection) => _connection = connection;

    /// <param name="connectionString">Any login to the database.</param>
    /// <exception cref="BusyException">Somebody else has it.</exception>
    public static async Task<MigrationTurn> Take(string connectionString, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = $"platform migrate on {Environment.MachineName}, process {Environment.ProcessId}",
            // A pooled connection would keep the lock after its end.
            Pooling = false,
            KeepAlive = 30,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            await using var take = new NpgsqlCommand($"select pg_try_advisory_lock({Key})", connection);
            return await take.ExecuteScalarAsync(ct) is true ? new MigrationTurn(connection) : throw new BusyException(await Holder(connection, ct));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task<string> Holder(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var look = new NpgsqlCommand($"""
            select application_name from pg_locks join pg_stat_activity using (pid)
            where locktype = 'advisory' and objsubid = 1 and granted
              and database = (select oid from pg_database where datname = current_database())
              and ((classid::bigint << 32) | objid::bigint) = {Key}
            """, connection);
        return $"Somebody else is migrating ({await look.ExecuteScalarAsync(ct) ?? "just ended"}). Nothing was changed; run it again later.";
    }
}
