using System.Net;
using System.Text.Json;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;

namespace Platform.Bots.Conversations;

/// <summary>A bot's account with Telegram: its clients, and what Telegram last said of its token.</summary>
internal sealed class BotAccount : IDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);

    // Of our own making: the loggers of HttpClientFactory would write the token, which is a part of every address.
    private readonly HttpClient _forCalls = new(Handler()) { Timeout = CallTimeout };
    private readonly HttpClient _forPolls = new(Handler()) { Timeout = TimeSpan.FromSeconds(50) + CallTimeout };
    private readonly string _address;

    /// <param name="bot">One of <see cref="Platform.Contracts.Bots.BotNames"/>.</param>
    /// <param name="apiUrl">Telegram's own when empty.</param>
    public BotAccount(string bot, string token, string apiUrl, DateTimeOffset startedAt)
    {
        (Bot, StartedAt) = (bot, startedAt);
        // Who waits, and for how long, is decided here and not within the client.
        var options = new TelegramBotClientOptions(token, apiUrl.Length == 0 ? null : apiUrl) { RetryThreshold = 0 };
        Calls = new TelegramBotClient(options, _forCalls);
        _address = options.BaseRequestUrl;
    }

    public string Bot { get; }

    /// <summary>When this process began to ask for its updates.</summary>
    public DateTimeOffset StartedAt { get; }

    public ITelegramBotClient Calls { get; }

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

    /// <summary>
    /// Asks for updates. Not by the client: it reads an answer as a whole, so one update that it cannot read would keep all others away,
    /// and what people send is not always UTF-8.
    /// </summary>
    /// <returns>The answer, byte for byte.</returns>
    /// <exception cref="RequestException">Telegram does not answer, or refuses.</exception>
    public async Task<byte[]> AskForUpdates(GetUpdatesRequest request, CancellationToken ct)
    {
        try
        {
            using var body = request.ToHttpContent();
            using var answer = await _forPolls.PostAsync(new Uri($"{_address}/{request.MethodName}"), body, ct);
            var content = await answer.Content.ReadAsByteArrayAsync(ct);
            return answer.StatusCode == HttpStatusCode.OK ? content : throw Refusal(answer.StatusCode, content);
        }
        catch (HttpRequestException fault)
        {
            throw new RequestException($"Telegram cannot be reached: {fault.Message}", fault);
        }
        catch (OperationCanceledException fault) when (!ct.IsCancellationRequested)
        {
            throw new RequestException("Telegram did not answer in time.", fault);
        }
    }

    public void Dispose()
    {
        _forCalls.Dispose();
        _forPolls.Dispose();
    }

    private static RequestException Refusal(HttpStatusCode status, byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize<ApiResponse>(content, JsonBotAPI.Options) is { ErrorCode: not 0, Description: { } why } refusal
                ? new ApiRequestException(why, refusal.ErrorCode, refusal.Parameters!)
                : new RequestException("Telegram's refusal has no reason.", status);
        }
        catch (JsonException fault)
        {
            return new RequestException("Telegram's refusal cannot be read.", status, fault);
        }
    }

    private static SocketsHttpHandler Handler() => new() { PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(5) };
}
