using Npgsql;
using Platform.Ops.Terminal;

namespace Platform.Ops.Migrate;

/// <summary>An advisory lock that lets one runner at a time migrate a database, held until this is disposed or the process dies.</summary>
/// <remarks>A service's own <c>migrate</c> takes a second lock, so two runners never change one schema even if this connection is lost.</remarks>
internal sealed class MigrationLock : IAsyncDisposable
{
    private const string Key = "hashtextextended('platform:migrate', 0)";

    private readonly NpgsqlConnection _connection;

    private MigrationLock(NpgsqlConnection connection) => _connection = connection;

    /// <param name="connectionString">Any login to the database.</param>
    /// <exception cref="BusyException">Another process holds the lock.</exception>
    public static async Task<MigrationLock> Acquire(string connectionString, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = $"platform migrate on {Environment.MachineName}, process {Environment.ProcessId}",
            // A pooled connection would hold the lock after it is closed.
            Pooling = false,
            KeepAlive = 30,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            await using var take = new NpgsqlCommand($"select pg_try_advisory_lock({Key})", connection);
            return await take.ExecuteScalarAsync(ct) is true ? new MigrationLock(connection) : throw new BusyException(await Holder(connection, ct));
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
        return $"Another process is migrating ({await look.ExecuteScalarAsync(ct) ?? "just ended"}). Nothing was changed; run it again later.";
    }
}
