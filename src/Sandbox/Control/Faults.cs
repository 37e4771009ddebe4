using System.ComponentModel.DataAnnotations;

namespace Platform.Sandbox.Control;

/// <summary>What can go wrong with a bot's call.</summary>
public enum FaultKind
{
    /// <summary>429; the call has no effect.</summary>
    TooManyRequests,

    /// <summary>500; the call has no effect.</summary>
    ServerError,

    /// <summary>403, as if the person had blocked the bot; the call has no effect.</summary>
    Blocked,

    /// <summary>403, as if the person had deleted their account; the call has no effect.</summary>
    Deactivated,

    /// <summary>400, as for a group that became a supergroup, with the chat's new id; the call has no effect.</summary>
    Migrated,

    /// <summary>400, as for an edit of a deleted message; the call has no effect.</summary>
    MessageGone,

    /// <summary>The call takes effect after a delay.</summary>
    Delay,

    /// <summary>No effect and no answer.</summary>
    Hang,

    /// <summary>The call takes effect, but the connection is cut before the answer.</summary>
    Cut,
}

/// <summary>A fault for the next matching calls. A field that is null matches everything.</summary>
/// <param name="Bot">Username.</param>
/// <param name="RetryAfter">Seconds, for <see cref="FaultKind.TooManyRequests"/>; default 1.</param>
/// <param name="MigrateTo">The new id, for <see cref="FaultKind.Migrated"/>; default <see cref="Supergroup"/>.</param>
/// <param name="Seconds">Length of a delay (default 1), or of a hang before the connection is cut (default: until the caller gives up).</param>
/// <param name="Times">How many calls it affects; default: all until it is deleted.</param>
public sealed record Fault(
    string? Bot,
    string? Method,
    long? ChatId,
    FaultKind Kind,
    [Range(0, 86_400)] int? RetryAfter,
    long? MigrateTo,
    [Range(0, 3600)] double? Seconds,
    [Range(1, 1_000_000)] int? Times)
{
    internal const long Supergroup = -1_001_000_000_001;

    internal bool Matches(string bot, string method, long? chatId) =>
        (Bot is null || Bot.Equals(bot, StringComparison.OrdinalIgnoreCase))
        && (Method is null || Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && (ChatId is null || ChatId == chatId);
}

internal sealed class Faults
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, Fault> _faults = [];
    private int _lastId;

    public IReadOnlyDictionary<int, Fault> All
    {
        get
        {
            lock (_lock)
            {
                return new SortedDictionary<int, Fault>(_faults);
            }
        }
    }

    public int Add(Fault fault)
    {
        lock (_lock)
        {
            _faults[++_lastId] = fault;
            return _lastId;
        }
    }

    public bool Remove(int id)
    {
        lock (_lock)
        {
            return _faults.Remove(id);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _faults.Clear();
        }
    }

    /// <summary>Finds the oldest fault that matches a call and counts it as used.</summary>
    public Fault? Take(string bot, string method, long? chatId)
    {
        lock (_lock)
        {
            foreach (var (id, fault) in _faults)
            {
                if (!fault.Matches(bot, method, chatId))
                {
                    continue;
                }

                if (fault.Times is 1)
                {
                    _faults.Remove(id);
                }
                else
                {
                    _faults[id] = fault with { Times = fault.Times - 1 };
                }

                return fault;
            }

            return null;
        }
    }
}
