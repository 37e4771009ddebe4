using System.Collections.Concurrent;
using Npgsql;

namespace Platform.Database.Jobs;

/// <summary>The connection that holds a leader's advisory lock: while it lives, no other replica leads.</summary>
public sealed class LeaderConnection
{
    private readonly NpgsqlConnection _connection;
    private readonly ConcurrentQueue<(string Channel, TaskCompletionSource Listening)> _asked = new();
    private volatile Action _interruptWait = () => { };
    private volatile bool _lost;

    internal LeaderConnection(NpgsqlConnection connection)
    {
        _connection = connection;
        _connection.Notification += (_, _) => Notified?.Invoke();
    }

    /// <summary>A notification came on a channel that this connection listens to. Raised by the loop that reads the socket: return at once.</summary>
    public event Action? Notified;

    /// <summary>Raises <see cref="Notified"/> for each <c>pg_notify</c> on this channel from now on.</summary>
    /// <exception cref="OperationCanceledException">The connection is lost, and leadership with it.</exception>
    public Task Listen(string channel, CancellationToken ct)
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Enqueue((channel, listening));
        _interruptWait();
        if (_lost)
        {
            RefuseAsked();
        }

        return listening.Task.WaitAsync(ct);
    }

    /// <summary>Reads the socket until it breaks or <paramref name="ct"/> asks it to stop.</summary>
    internal async Task ReadUntilLost(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                // Made before the queue is emptied: whoever asks later than that cancels this one. Not disposed, since he may do so at any time.
                var interrupt = new CancellationTokenSource();
                _interruptWait = interrupt.Cancel;
                await using var stop = ct.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), interrupt);
                await ListenAsAsked(ct);
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
            RefuseAsked();
        }
    }

    private async Task ListenAsAsked(CancellationToken ct)
    {
        while (_asked.TryDequeue(out var asked))
        {
            try
            {
                await using var listen = new NpgsqlCommand($"listen \"{asked.Channel.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", _connection);
                await listen.ExecuteNonQueryAsync(ct);
                asked.Listening.SetResult();
            }
            catch (Exception e)
            {
                asked.Listening.SetException(e);
                throw;
            }
        }
    }

    private void RefuseAsked()
    {
        while (_asked.TryDequeue(out var asked))
        {
            asked.Listening.TrySetCanceled();
        }
    }
}
