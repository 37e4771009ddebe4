using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types;

namespace Platform.Bots.Conversations;

/// <summary>A bot's account with Telegram: its clients, and what Telegram last said of its token.</summary>
internal sealed class BotAccount : IDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);

    // Of our own making: the loggers of HttpClientFactory would write the token, which is a part of every address.
    private readonly HttpClient _forCalls = new(Handler()) { Timeout = CallTimeout };
    private readonly HttpClient _forPolls = new(Handler()) { Timeout = TimeSpan.FromSeconds(50) + CallTimeout };

    /// <param name="bot">One of <see cref="Platform.Contracts.Bots.BotNames"/>.</param>
    /// <param name="apiUrl">Telegram's own when empty.</param>
    public BotAccount(string bot, string token, string apiUrl)
    {
        Bot = bot;
        // Who waits, and for how long, is decided here and not within the client.
        var options = new TelegramBotClientOptions(token, apiUrl.Length == 0 ? null : apiUrl) { RetryThreshold = 0 };
        Calls = new TelegramBotClient(options, _forCalls);
        Polls = new TelegramBotClient(options, _forPolls);
    }

    public string Bot { get; }

    public ITelegramBotClient Calls { get; }

    /// <summary>The same account, with the patience that a long poll needs.</summary>
    public ITelegramBotClient Polls { get; }

    /// <summary>Without the @; null until Telegram has told it.</summary>
    public string? Username { get; private set; }

    /// <summary>Whether Telegram knows the token: what the last <c>getMe</c> came to.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>In a few words, while it does not.</summary>
    public string Trouble { get; private set; } = "not asked yet";

    /// <exception cref="RequestException">Telegram does not answer, or refuses the token (401).</exception>
    public async Task<User> Introduce(CancellationToken ct)
    {
        try
        {
            var me = await Calls.GetMe(ct);
            (Username, IsKnown) = (me.Username, true);
            return me;
        }
        catch (RequestException fault)
        {
            (IsKnown, Trouble) = (false, fault is ApiRequestException { ErrorCode: 401 or 404 } ? "the token is refused" : "Telegram does not answer");
            throw;
        }
    }

    public void Dispose()
    {
        _forCalls.Dispose();
        _forPolls.Dispose();
    }

    private static SocketsHttpHandler Handler() => new() { PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(5) };
}
