using Npgsql;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>
/// Holds every statement of one kind on one table until it is opened, so that a test can stop a service at exactly that
/// moment.
/// </summary>
public sealed class Gate : IAsyncDisposable
{
    private static int _lastKey = 4711;

    private readonly PlatformApp _platform;
    private readonly string _table;
    private readonly int _key;
    private readonly NpgsqlConnection _keeper;

    private Gate(PlatformApp platform, string table, int key, NpgsqlConnection keeper) => (_platform, _table, _key, _keeper) = (platform, table, key, keeper);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="operation"><c>insert</c>, <c>update</c> or <c>delete</c>.</param>
    /// <param name="table">With its schema.</param>
    public static async Task<Gate> Before(PlatformApp platform, string operation, string table)
    {
        var key = Interlocked.Increment(ref _lastKey);
        var keeper = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(platform.Database.Superuser) { Pooling = false }.ConnectionString);
        await keeper.OpenAsync(Ct);
        await Execute(keeper, $"select pg_advisory_lock({key})");
        await Execute(keeper, $$"""
            create function public.gate_{{key}}() returns trigger language plpgsql security definer as $$
            begin
                perform pg_advisory_xact_lock_shared({{key}});
                return coalesce(new, old);
            end $$;
            grant usage on schema public to public;
            create trigger gate_{{key}} before {{operation}} on {{table}} for each row execute function public.gate_{{key}}();
            """);
        return new Gate(platform, table, key, keeper);
    }

    /// <summary>Waits until a statement is held.</summary>
    public Task StatementWaits() => Eventually.IsTrue(
        () => _platform.Database.Scalar<bool>(
            "select exists (select from pg_locks where locktype = 'advisory' and objid = $1::bigint::oid and not granted)", Ct, (long)_key),
        Ct);

    /// <summary>Terminates held statements: the server does not notice by itself that their client was killed.</summary>
    public Task TerminateWaiting() => _platform.Database.Execute(
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = $1::bigint::oid and not granted", Ct, (long)_key);

    /// <summary>Opens and removes the gate.</summary>
    public async ValueTask DisposeAsync()
    {
        await Execute(_keeper, $"select pg_advisory_unlock({_key})");
        await Execute(_keeper, $"drop trigger gate_{_key} on {_table}; drop function public.gate_{_key}();");
        await _keeper.DisposeAsync();
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
