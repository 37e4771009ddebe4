using System.ComponentModel.DataAnnotations;

namespace Platform.Sandbox.Control;

/// <summary>What may go wrong with a call of a bot.</summary>
public enum FaultKind
{
    /// <summary>429, and nothing is done.</summary>
    TooManyRequests,

    /// <summary>500, and nothing is done.</summary>
    ServerError,

    /// <summary>403 as of a person who has blocked the bot, and nothing is done.</summary>
    Blocked,

    /// <summary>403 as of a person who has deleted their account, and nothing is done.</summary>
    Deactivated,

    /// <summary>400 as of a group that has become a supergroup, with the new id of the chat, and nothing is done.</summary>
    Migrated,

    /// <summary>400 as of a message that was deleted and cannot be edited, and nothing is done.</summary>
    MessageGone,

    /// <summary>Done, but later.</summary>
    Delay,

    /// <summary>Neither done nor answered.</summary>
    Hang,

    /// <summary>Done, and the connection is cut before the answer.</summary>
    Cut,
}

/// <summary>A fault that waits for the calls it is meant for. What is null matches everything.</summary>
/// <param name="Bot">Username.</param>
/// <param name="RetryAfter">Seconds, of <see cref="FaultKind.TooManyRequests"/>; 1 unless set.</param>
/// <param name="MigrateTo">The new id, of <see cref="FaultKind.Migrated"/>; <see cref="Supergroup"/> unless set.</param>
/// <param name="Seconds">How long to delay (1 unless set) or to hang before the connection is cut (until the caller gives up, unless set).</param>
/// <param name="Times">How many calls meet it; all, until it is deleted, unless set.</param>
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

    internal bool Meets(string bot, string method, long? chatId) =>
        (Bot is null || Bot.Equals(bot, StringComparison.OrdinalIgnoreCase))
        && (Method is null || Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && (ChatId is null || ChatId == chatId);
}

/// <summary>The faults that are set, by number.</summary>
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

    /// <summary>The oldest fault that is meant for a call, which counts as one of its times.</summary>
    public Fault? Take(string bot, string method, long? chatId)
    {
        lock (_lock)
        {
            foreach (var (id, fault) in _faults)
            {
                if (!fault.Meets(bot, method, chatId))
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
