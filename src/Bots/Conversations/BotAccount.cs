using System.Net;
using System.Text.Json;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;

namespace Platform.Bots.Conversations;

/// <summary>A bot's account with Telegram: its clients, and whether Telegram accepts its token.</summary>
internal sealed class BotAccount : IDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);

    // Not from HttpClientFactory: its loggers would write the token, which is part of every address.
    private readonly HttpClient _forCalls = new(Handler()) { Timeout = CallTimeout };
    private readonly HttpClient _forPolls = new(Handler()) { Timeout = TimeSpan.FromSeconds(50) + CallTimeout };
    private readonly string _address;

    /// <param name="bot">One of <see cref="Platform.Contracts.Bots.BotNames"/>.</param>
    /// <param name="apiUrl">Telegram's own when empty.</param>
    public BotAccount(string bot, string token, string apiUrl, DateTimeOffset startedAt)
    {
        (Bot, StartedAt) = (bot, startedAt);
        // The client must not retry by itself: RetryPolicies does.
        var options = new TelegramBotClientOptions(token, apiUrl.Length == 0 ? null : apiUrl) { RetryThreshold = 0 };
        Client = new TelegramBotClient(options, _forCalls);
        _address = options.BaseRequestUrl;
    }

    public string Bot { get; }

    public DateTimeOffset StartedAt { get; }

    public ITelegramBotClient Client { get; }

    /// <summary>Without the @; null until the first <c>getMe</c> succeeded.</summary>
    public string? Username { get; private set; }

    public bool IsConnected { get; private set; }

    public string Problem { get; private set; } = "not asked yet";

    /// <exception cref="RequestException">Telegram does not answer, or refuses the token (401).</exception>
    public async Task<User> GetMe(CancellationToken ct)
    {
        try
        {
            var me = await Client.GetMe(ct);
            (Username, IsConnected) = (me.Username, true);
            return me;
        }
        catch (RequestException fault)
        {
            (IsConnected, Problem) = (false, fault is ApiRequestException { ErrorCode: 401 or 404 } ? "the token is refused" : "Telegram does not answer");
            throw;
        }
    }

    /// <summary>
    /// Polls without the client library, which parses an answer as a whole: one unreadable update would block all the others, and
    /// updates are not always valid UTF-8.
    /// </summary>
    /// <exception cref="RequestException">Telegram does not answer, or refuses.</exception>
    public async Task<byte[]> GetUpdates(GetUpdatesRequest request, CancellationToken ct)
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
                : new RequestException("Telegram refused without a reason.", status);
        }
        catch (JsonException fault)
        {
            return new RequestException("Telegram's refusal cannot be parsed.", status, fault);
        }
    }

    private static SocketsHttpHandler Handler() => new() { PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(5) };
}
