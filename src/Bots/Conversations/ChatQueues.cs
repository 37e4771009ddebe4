using Platform.Contracts;

namespace Platform.Bots.Conversations;

/// <summary>Handles updates in order within a chat, and in parallel between chats.</summary>
/// <param name="maxConcurrent">Chats that are handled at the same time.</param>
/// <param name="handle">Handles one update; releases its slot while it waits for an external call.</param>
internal sealed class ChatQueues(int maxConcurrent, Func<PendingUpdate, Slot, CancellationToken, Task> handle) : IDisposable
{
    /// <summary>Updates of one chat; more are rejected, so that a flooded chat takes nothing from the others.</summary>
    public const int MaxQueuedPerChat = 30;

    /// <summary>
    /// Updates of all chats; the rest waits with Telegram. High, since a queued update costs no more than its number here: thousands
    /// of chats that Telegram throttles must not keep others out.
    /// </summary>
    private const int MaxQueued = 100_000;

    private readonly Dictionary<TelegramId, ChatQueue> _chats = [];
    private readonly HashSet<Task> _running = [];
    private readonly SemaphoreSlim _slots = new(maxConcurrent);
    private readonly SemaphoreSlim _room = new(MaxQueued);

    /// <summary>Waits while the queues are full. Not thread-safe.</summary>
    /// <returns>
    /// False when the update is rejected because its chat's queue is full. The first such update is queued nevertheless, marked as
    /// <see cref="PendingUpdate.IsOverLimit"/>, so that the sender is warned once until their queue is empty again.
    /// </returns>
    public async Task<bool> Add(PendingUpdate update, CancellationToken ct)
    {
        lock (_chats)
        {
            if (_chats.TryGetValue(update.From, out var full) && full.Pending.Count >= MaxQueuedPerChat)
            {
                if (full.IsWarned)
                {
                    return false;
                }

                full.IsWarned = true;
                update = update with { IsOverLimit = true };
            }
        }

        await _room.WaitAsync(ct);
        lock (_chats)
        {
            if (_chats.TryGetValue(update.From, out var queue))
            {
                queue.Pending.Enqueue(update with { Update = null });
                return true;
            }

            _chats.Add(update.From, new ChatQueue(update));
            var running = Run(update.From, ct);
            _running.Add(running);
            _ = running.ContinueWith(Remove, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return true;
        }
    }

    /// <summary>Waits until the queues are empty, or have stopped because the token passed to <see cref="Add"/> was cancelled.</summary>
    public async Task Drain()
    {
        Task[] running;
        lock (_chats)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Run(TelegramId chat, CancellationToken ct)
    {
        // Leaves the caller's stack, which holds the lock.
        await Task.Yield();
        while (Next(chat) is { } update)
        {
            await _slots.WaitAsync(ct);
            var slot = new Slot(_slots);
            try
            {
                await handle(update, slot, ct);
            }
            finally
            {
                slot.Release();
                _room.Release();
            }
        }
    }

    private PendingUpdate? Next(TelegramId chat)
    {
        lock (_chats)
        {
            if (_chats[chat].Pending.TryDequeue(out var update))
            {
                return update;
            }

            _chats.Remove(chat);
            return null;
        }
    }

    private void Remove(Task completed)
    {
        lock (_chats)
        {
            _running.Remove(completed);
        }
    }

    private sealed class ChatQueue(PendingUpdate first)
    {
        public Queue<PendingUpdate> Pending { get; } = new([first]);

        public bool IsWarned { get; set; }
    }

    public void Dispose()
    {
        _slots.Dispose();
        _room.Dispose();
    }
}
