using Platform.Sandbox.Telegram.BotApi;

namespace Platform.Sandbox.Telegram.Bots;

/// <summary>Updates that a bot has not confirmed yet, oldest first. Guarded by <see cref="Messenger.Lock"/>.</summary>
internal sealed class UpdateQueue(int firstId)
{
    private readonly LinkedList<WireUpdate> _pending = [];
    private HashSet<string>? _allowed;
    private int _lastId = firstId;

    public Signal Added { get; } = new();

    /// <summary>The one waiting <c>getUpdates</c>.</summary>
    public LongPoll? Poll { get; private set; }

    public int Count => _pending.Count;

    public WireUpdate? First => _pending.First?.Value;

    /// <summary>Null for all kinds except those that must be requested.</summary>
    public IReadOnlyCollection<string>? Allowed => _allowed;

    /// <param name="kinds">As in <c>allowed_updates</c>; empty for all. Applies to new updates.</param>
    public void Allow(IEnumerable<string> kinds) => _allowed = kinds.ToHashSet(StringComparer.Ordinal) is { Count: > 0 } some ? some : null;

    public void Add(WireUpdate update)
    {
        if (_allowed?.Contains(update.Kind) is false)
        {
            return;
        }

        _pending.AddLast(update with { UpdateId = ++_lastId });
        Added.Fire();
    }

    /// <summary>Removes the updates before an offset; a negative offset counts from the end.</summary>
    public void ConfirmBefore(int offset)
    {
        while (_pending.First is { } first && (offset < 0 ? _pending.Count > -(long)offset : first.Value.UpdateId < offset))
        {
            _pending.RemoveFirst();
        }
    }

    public void Confirm(int updateId)
    {
        if (_pending.FirstOrDefault(update => update.UpdateId == updateId) is { } update)
        {
            _pending.Remove(update);
        }
    }

    public IReadOnlyList<WireUpdate> Take(int limit) => [.. _pending.Take(limit)];

    public void Clear() => _pending.Clear();

    /// <summary>A new poll ends the previous one.</summary>
    public LongPoll BeginPoll()
    {
        Poll?.End(Refusals.OtherPoll);
        return Poll = new LongPoll();
    }

    public void EndPoll(LongPoll poll)
    {
        if (Poll == poll)
        {
            Poll = null;
        }
    }
}

/// <summary>A waiting call of <c>getUpdates</c>.</summary>
internal sealed class LongPoll
{
    private readonly TaskCompletionSource<Refusal> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when another call replaces it.</summary>
    public Task<Refusal> Ended => _ended.Task;

    public void End(Refusal why) => _ended.TrySetResult(why);
}
