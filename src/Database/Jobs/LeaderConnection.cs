using System.Collections.Concurrent;
using Npgsql;

namespace Platform.Database.Jobs;

/// <summary>The connection that holds the leader's advisory lock. While it is open, no other replica leads.</summary>
public sealed class LeaderConnection
{
    private readonly NpgsqlConnection _connection;
    private readonly ConcurrentQueue<(string Channel, TaskCompletionSource Listening)> _pending = new();
    private volatile Action _interruptWait = () => { };
    private volatile bool _lost;

    internal LeaderConnection(NpgsqlConnection connection)
    {
        _connection = connection;
        _connection.Notification += (_, _) => Notified?.Invoke();
    }

    /// <summary>Raised for a notification on a channel that this connection listens to. Handlers must not block: they run in the read loop.</summary>
    public event Action? Notified;

    /// <summary>Raises <see cref="Notified"/> for each <c>pg_notify</c> on this channel from now on.</summary>
    /// <exception cref="OperationCanceledException">The connection, and with it leadership, is lost.</exception>
    public Task Listen(string channel, CancellationToken ct)
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending.Enqueue((channel, listening));
        _interruptWait();
        if (_lost)
        {
            CancelPending();
        }

        return listening.Task.WaitAsync(ct);
    }

    internal async Task ReadUntilLost(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                // Set before the queue is emptied, so that a later Listen interrupts the wait below. Not disposed, since Listen may
                // cancel it at any time.
                var interrupt = new CancellationTokenSource();
                _interruptWait = interrupt.Cancel;
                await using var stop = ct.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), interrupt);
                await ListenToPending(ct);
                try
                {
                    await _connection.WaitAsync(interrupt.Token);
                }
                catch (OperationCanceledException) when (!ct.IsCancellationRequested)
                {
                    // Interrupted for a command: Npgsql leaves the connection usable.
                }
            }
        }
        finally
        {
            _lost = true;
            CancelPending();
        }
    }

    private async Task ListenToPending(CancellationToken ct)
    {
        while (_pending.TryDequeue(out var request))
        {
            try
            {
                await using var listen = new NpgsqlCommand($"listen \"{request.Channel.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", _connection);
                await listen.ExecuteNonQueryAsync(ct);
                request.Listening.SetResult();
            }
            catch (Exception e)
            {
                request.Listening.SetException(e);
                throw;
            }
        }
    }

    private void CancelPending()
    {
        while (_pending.TryDequeue(out var request))
        {
            request.Listening.TrySetCanceled();
        }
    }
}
