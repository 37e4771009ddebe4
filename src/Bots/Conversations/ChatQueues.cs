using Platform.Contracts;

namespace Platform.Bots.Conversations;

/// <summary>Handles updates in their order within a chat, and in parallel between chats.</summary>
/// <param name="atOnce">Chats that are served at the same time.</param>
/// <param name="handle">Gives the place back while it waits for somebody else.</param>
internal sealed class ChatQueues(int atOnce, Func<WaitingUpdate, Place, CancellationToken, Task> handle) : IDisposable
{
    /// <summary>Of one chat: those who send more at once take no place from the others.</summary>
    public const int RoomOfChat = 30;

    /// <summary>More than these are not held in memory: the rest waits with Telegram. Of those that wait only the number is here, so that
    /// thousands of chats which Telegram makes wait keep no update from the others.</summary>
    private const int Room = 100_000;

    private readonly Dictionary<TelegramId, ChatQueue> _chats = [];
    private readonly HashSet<Task> _serving = [];
    private readonly SemaphoreSlim _places = new(atOnce);
    private readonly SemaphoreSlim _room = new(Room);

    /// <summary>Waits while there is no room for more. Called by one at a time.</summary>
    /// <returns>
    /// False when so much of its chat waits already that nothing is done about it. The first of these is taken nevertheless, as one
    /// <see cref="WaitingUpdate.IsTooMany"/>: its sender is told, once till his queue is empty again.
    /// </returns>
    public async Task<bool> Add(WaitingUpdate update, CancellationToken ct)
    {
        lock (_chats)
        {
            if (_chats.TryGetValue(update.From, out var full) && full.Waiting.Count >= RoomOfChat)
            {
                if (full.IsTold)
                {
                    return false;
                }

                full.IsTold = true;
                update = update with { IsTooMany = true };
            }
        }

        await _room.WaitAsync(ct);
        lock (_chats)
        {
            if (_chats.TryGetValue(update.From, out var queue))
            {
                queue.Waiting.Enqueue(update with { Update = null });
                return true;
            }

            _chats.Add(update.From, new ChatQueue(update));
            var serving = Serve(update.From, ct);
            _serving.Add(serving);
            _ = serving.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return true;
        }
    }

    /// <summary>Waits until nothing is under way, after the token that came with the updates was cancelled or their queues ran empty.</summary>
    public async Task Drained()
    {
        Task[] serving;
        lock (_chats)
        {
            serving = [.. _serving];
        }

        await Task.WhenAll(serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Serve(TelegramId chat, CancellationToken ct)
    {
        // Not on the caller's stack, which holds the lock.
        await Task.Yield();
        while (Next(chat) is { } update)
        {
            await _places.WaitAsync(ct);
            var place = new Place(_places);
            try
            {
                await handle(update, place, ct);
            }
            finally
            {
                place.GiveBack();
                _room.Release();
            }
        }
    }

    private WaitingUpdate? Next(TelegramId chat)
    {
        lock (_chats)
        {
            if (_chats[chat].Waiting.TryDequeue(out var update))
            {
                return update;
            }

            _chats.Remove(chat);
            return null;
        }
    }

    private void Forget(Task served)
    {
        lock (_chats)
        {
            _serving.Remove(served);
        }
    }

    private sealed class ChatQueue(WaitingUpdate first)
    {
        public Queue<WaitingUpdate> Waiting { get; } = new([first]);

        public bool IsTold { get; set; }
    }

    public void Dispose()
    {
        _places.Dispose();
        _room.Dispose();
    }
}
