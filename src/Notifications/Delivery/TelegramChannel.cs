using System.Globalization;
using System.Net;
using Platform.Contracts;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types.Enums;

namespace Platform.Notifications.Delivery;

internal sealed class TelegramChannel : IDisposable
{
    private readonly HttpClient _http;
    private readonly TelegramBotClient _client;

    /// <param name="apiUrl">Empty for Telegram's own.</param>
    /// <param name="timeout">For a whole call, including the connection.</param>
    public TelegramChannel(string token, string apiUrl, TimeSpan timeout)
    {
        // Not from HttpClientFactory, which would log the token in each URL.
        // The idle timeout is short because the server may close an idle connection just as a call starts, which makes a message uncertain.
        var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
        _http = new HttpClient(new UnsentRequestHandler(handler)) { Timeout = timeout };
        // No retry after a 429 here: the sender waits for all of the bot's messages together.
        _client = new TelegramBotClient(new TelegramBotClientOptions(token, apiUrl.Length == 0 ? null : apiUrl) { RetryThreshold = 0 }, _http);
    }

    /// <param name="html">Telegram's HTML, with escaped values.</param>
    public async Task<Outcome> Send(TelegramId to, string html)
    {
        try
        {
            // Not cancellable: a cancelled call would leave the message uncertain. The time-out ends it.
            var message = await _client.SendMessage(to.Value, html, ParseMode.Html, cancellationToken: CancellationToken.None);
            return new Outcome.Sent(message.Id.ToString(CultureInfo.InvariantCulture));
        }
        catch (ApiRequestException refused)
        {
            return refused.ErrorCode switch
            {
                429 => new Outcome.TooMany(refused.Message, TimeSpan.FromSeconds(Math.Max(1, refused.Parameters?.RetryAfter ?? 1))),
                403 => new Outcome.Blocked(refused.Message),
                // A malformed token gets a 404.
                401 or 404 => new Outcome.TokenRefused(refused.Message),
                // Telegram's front end timed out; its back end may have sent the message.
                504 => new Outcome.Uncertain(refused.Message),
                >= 500 => new Outcome.Unavailable(refused.Message),
                _ => new Outcome.Refused(refused.Message),
            };
        }
        catch (RequestException failed)
        {
            return failed switch
            {
                { InnerException: RequestNotSentException notSent } => new Outcome.Unavailable(notSent.Message),
                // A proxy answered after it had passed the request on: the message may have arrived.
                { HttpStatusCode: { } status } when status is HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout || (int)status >= 520 =>
                    new Outcome.Uncertain($"HTTP {(int)status}"),
                // A proxy answered without passing the request on.
                { HttpStatusCode: { } status and not HttpStatusCode.OK } => new Outcome.Unavailable($"HTTP {(int)status}"),
                _ => new Outcome.Uncertain(failed.Message),
            };
        }
    }

    public async Task<bool> AcceptsToken(CancellationToken ct)
    {
        try
        {
            await _client.GetMe(ct);
            return true;
        }
        catch (RequestException)
        {
            return false;
        }
    }

    public void Dispose() => _http.Dispose();
}
