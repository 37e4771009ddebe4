using System.Diagnostics.Metrics;
using Npgsql;

namespace Platform.Database.Jobs;

/// <summary>
/// Lets one replica of a service at a time do a piece of work: whoever holds the advisory lock of (service, name) on a
/// connection of its own.
/// </summary>
/// <remarks>
/// The connection is not pooled, since a pooled one keeps the lock after <c>Close</c>. A leader that loses it is told by his
/// token; another takes over within about a second of the end of the connection, which comes at once when the process dies
/// and after 8 seconds when it is frozen or its machine vanishes from the network.
/// A leader that is cut off may still be at work for a moment while the next one starts: leadership keeps work from being
/// done twice in vain, correctness must not hang on it.
/// </remarks>
public sealed partial class LeaderElection
{
    /// <summary>How often a replica that does not lead looks whether the lock is free.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

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

    /// <summary>The service's name, such as <c>loyalty</c>: elections of different services never meet.</summary>
    public string Service => _connections.Service;

    /// <summary>
    /// Runs <paramref name="work"/> whenever this replica leads, until <paramref name="stopping"/>. Its token is cancelled when
    /// leadership is lost or the process stops. Work that fails is logged, gives leadership up and is tried again; work that
    /// returns while it leads is done, and so is this call.
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
                // Jitter, so that replicas which lost the leader together do not come back together for ever.
                await Task.Delay(LookEvery * (0.75 + 0.5 * Random.Shared.NextDouble()), stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Asks on a pooled connection, so that replicas in waiting keep none open: the lock is let go as soon as it is got.</summary>
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
            LogLeadsNoMore(name);
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

    [LoggerMessage(Level = LogLevel.Information, Message = "This replica leads {Name} no more.")]
    private partial void LogLeadsNoMore(string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection that made this replica the leader of {Name} is lost.")]
    private partial void LogConnectionLost(Exception fault, string name);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name} failed while this replica led it; it is tried again.")]
    private partial void LogWorkFailed(Exception fault, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Who leads {Name} could not be settled; it is tried again.")]
    private partial void LogElectionFailed(Exception fault, string name);
}
