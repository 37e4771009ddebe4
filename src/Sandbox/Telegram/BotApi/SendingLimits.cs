using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Sandbox.Telegram.Bots;

namespace Platform.Sandbox.Telegram.BotApi;

/// <summary>Counts what bots send and refuses too much. Guarded by <see cref="Messenger.Lock"/>.</summary>
internal sealed class SendingLimits(IOptions<SandboxOptions> options)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(TelegramId Bot, long? Chat), Queue<DateTimeOffset>> _sent = [];

    /// <param name="chatId">As the bot sent it.</param>
    /// <returns>Null if the message may be sent; it is then counted.</returns>
    public Refusal? Check(Bot bot, string method, long? chatId, DateTimeOffset now)
    {
        if (!IsCounted(method))
        {
            return null;
        }

        var (perBot, perChat) = (Recent((bot.Id, null), now), Recent((bot.Id, chatId), now));
        var limits = options.Value.Limits;
        if (IsFull(perBot, limits.PerBot) || (chatId is not null && IsFull(perChat, limits.PerChat)))
        {
            return Refusal.TooManyRequests((int)Window.TotalSeconds);
        }

        perBot.Enqueue(now);
        if (chatId is not null)
        {
            perChat.Enqueue(now);
        }

        return null;
    }

    private static bool IsFull(Queue<DateTimeOffset> sent, int limit) => limit > 0 && sent.Count >= limit;

    private static bool IsCounted(string method) =>
        (method.StartsWith("send", StringComparison.OrdinalIgnoreCase) && !method.Equals("sendChatAction", StringComparison.OrdinalIgnoreCase))
        || method.StartsWith("editMessage", StringComparison.OrdinalIgnoreCase);

    private Queue<DateTimeOffset> Recent((TelegramId, long?) key, DateTimeOffset now)
    {
        if (!_sent.TryGetValue(key, out var sent))
        {
            _sent[key] = sent = new Queue<DateTimeOffset>();
        }

        while (sent.TryPeek(out var at) && now - at >= Window)
        {
            sent.Dequeue();
        }

        return sent;
    }
}
