using System.Text.Json.Nodes;

namespace Platform.Sandbox.Control;

/// <summary>A bot's call.</summary>
/// <param name="Body">The parameters without secrets; files by name and size.</param>
internal sealed record BotRequest(long Seq, DateTimeOffset At, string Bot, string Method, long? ChatId, JsonObject Body)
{
    /// <summary>Status of the answer; null while there is none, and for ever when it was left hanging.</summary>
    public int? Status { get; set; }

    public FaultKind? Fault { get; set; }
}

internal sealed class RequestLog(TimeProvider clock)
{
    private const int Capacity = 20_000;

    private readonly Lock _lock = new();
    private readonly Queue<BotRequest> _requests = new();
    private long _lastSeq;

    public BotRequest Begin(string bot, string method, long? chatId, JsonObject body)
    {
        lock (_lock)
        {
            var request = new BotRequest(++_lastSeq, clock.GetUtcNow(), bot, method, chatId, body);
            _requests.Enqueue(request);
            if (_requests.Count > Capacity)
            {
                _requests.Dequeue();
            }

            return request;
        }
    }

    /// <returns>Oldest first.</returns>
    public IReadOnlyList<BotRequest> Find(string? bot, string? method, long? after)
    {
        lock (_lock)
        {
            return [.. _requests.Where(request =>
                (bot is null || request.Bot.Equals(bot, StringComparison.OrdinalIgnoreCase))
                && (method is null || request.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
                && (after is null || request.Seq > after))];
        }
    }

    /// <summary>Numbering continues.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
        }
    }
}
