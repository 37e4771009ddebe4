using System.Diagnostics.Metrics;
using Npgsql;

namespace Platform.Database.Jobs;

/// <summary>Runs work on one replica of a service at a time: the one whose dedicated connection holds the advisory lock of (service, name).</summary>
/// <remarks>
/// The connection is not pooled, since a pooled one keeps the lock after <c>Close</c>. When it is lost, the leader's token is
/// cancelled, and another replica takes over within about a second. The connection ends at once when the process dies, and after
/// 8 seconds when the process is frozen or its machine is cut off.
/// Two leaders may overlap for a moment, so leadership only saves duplicate work. Correctness must not depend on it.
/// </remarks>
public sealed partial class LeaderElection
{
    /// <summary>How often a replica that does not lead checks whether the lock is free.</summary>
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly ServiceConnections _connections;
    private readonly NpgsqlDataSource _database;
    private readonly ILogger<LeaderElection> _log;
    private readonly UpDownCounter<int> _leading;

    internal LeaderElection(ServiceConnections connections, NpgsqlDataSource database, IMeterFactory meters, ILogger<LeaderElection> log)
    {
        _connections = connections;
        _database = database;
        _log = log;
        _leading = meters.Create("Platform.Jobs").CreateUpDownCounter<int>(
            "platform.leader", unit: "{leader}", description: "1 on the replica that leads this piece of work, 0 on the others.");
    }

    /// <summary>The service's name, such as <c>loyalty</c>. Each service has its own elections.</summary>
    public string Service => _connections.Service;

    /// <summary>
    /// Runs <paramref name="work"/> whenever this replica leads, until <paramref name="stopping"/>. The work's token is cancelled
    /// when leadership is lost or the process stops. Failed work is logged, gives up leadership and is retried. When the work
    /// returns while leading, this call returns too.
    /// </summary>
    public async Task Lead(string name, Func<LeaderConnection, CancellationToken, Task> work, CancellationToken stopping)
    {
        var key = $"{Service}:{name}";
        var done = false;
        while (!done && !stopping.IsCancellationRequested)
        {
            try
            {
                done = await IsFree(key, stopping) && await LeadOnce(name, key, work, stopping);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                LogElectionFailed(e, name);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (!done)
            {
                // Jitter, so that replicas do not keep trying at the same moment.
                await Task.Delay(CheckEvery * (0.75 + 0.5 * Random.Shared.NextDouble()), stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Takes and releases the lock on a pooled connection, so that waiting replicas hold no connection open.</summary>
    private async Task<bool> IsFree(string key, CancellationToken ct)
    {
        await using var command = _database.CreateCommand("select pg_try_advisory_xact_lock(hashtextextended($1, 0))");
        command.Parameters.AddWithValue(key);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <returns>Whether the work is done.</returns>
    private async Task<bool> LeadOnce(string name, string key, Func<LeaderConnection, CancellationToken, Task> work, CancellationToken stopping)
    {
        await using var connection = new NpgsqlConnection(_connections.ForLeader(name));
        await connection.OpenAsync(stopping);
        await using (var take = new NpgsqlCommand("select pg_try_advisory_lock(hashtextextended($1, 0))", connection))
        {
            take.Parameters.AddWithValue(key);
            if (!(bool)(await take.ExecuteScalarAsync(stopping))!)
            {
                return false;
            }
        }

        var leader = new LeaderConnection(connection);
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _leading.Add(1, new KeyValuePair<string, object?>("name", name));
        LogLeads(name);
        try
        {
            var reading = Read(leader, name, leading);
            try
            {
                await work(leader, leading.Token);
                return !leading.IsCancellationRequested;
            }
            catch (Exception e) when (!leading.IsCancellationRequested)
            {
                LogWorkFailed(e, name);
                return false;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
            finally
            {
                await leading.CancelAsync();
                await reading;
            }
        }
        finally
        {
            _leading.Add(-1, new KeyValuePair<string, object?>("name", name));
            LogStoppedLeading(name);
        }
    }

    private async Task Read(LeaderConnection leader, string name, CancellationTokenSource leading)
    {
        try
        {
            await leader.ReadUntilLost(leading.Token);
        }
        catch (OperationCanceledException) when (leading.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            LogConnectionLost(e, name);
            await leading.CancelAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This replica leads {Name}.")]
    private partial void LogLeads(string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "This replica no longer leads {Name}.")]
    private partial void LogStoppedLeading(string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This replica lost its connection, and with it the leadership of {Name}.")]
    private partial void LogConnectionLost(Exception fault, string name);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name} failed while this replica led it. Retrying.")]
    private partial void LogWorkFailed(Exception fault, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Leader election for {Name} failed. Retrying.")]
    private partial void LogElectionFailed(Exception fault, string name);
}
