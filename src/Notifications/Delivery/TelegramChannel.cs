using System.Globalization;
using System.Net;
using Platform.Contracts;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types.Enums;

namespace Platform.Notifications.Delivery;

/// <summary>Sends by one bot, and tells what became of it.</summary>
internal sealed class TelegramChannel : IDisposable
{
    private readonly HttpClient _http;
    private readonly TelegramBotClient _client;

    /// <param name="apiUrl">Telegram's own when empty.</param>
    /// <param name="timeout">Of a call, with its connection.</param>
    public TelegramChannel(string token, string apiUrl, TimeSpan timeout)
    {
        // Of our own making: the loggers of HttpClientFactory would write the token, which is a part of every address.
        // A connection that was idle for long may be closed by the other side in the very moment of the call, which makes a message uncertain.
        var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
        _http = new HttpClient(new TellWhatNeverLeft(handler)) { Timeout = timeout };
        // The waiting after a 429 is the sender's, for all of the bot's messages together.
        _client = new TelegramBotClient(new TelegramBotClientOptions(token, apiUrl.Length == 0 ? null : apiUrl) { RetryThreshold = 0 }, _http);
    }

    /// <param name="html">As Telegram understands it: values are escaped already.</param>
    public async Task<Outcome> Send(TelegramId to, string html)
    {
        try
        {
            // No token: a call given up in the middle would leave the message uncertain for nothing, and it ends by itself.
            var message = await _client.SendMessage(to.Value, html, ParseMode.Html, cancellationToken: CancellationToken.None);
            return new Outcome.Sent(message.Id.ToString(CultureInfo.InvariantCulture));
        }
        catch (ApiRequestException refused)
        {
            return refused.ErrorCode switch
            {
                429 => new Outcome.TooMany(refused.Message, TimeSpan.FromSeconds(Math.Max(1, refused.Parameters?.RetryAfter ?? 1))),
                403 => new Outcome.Blocked(refused.Message),
                // 404 is what a token gets that cannot be one.
                401 or 404 => new Outcome.TokenRefused(refused.Message),
                // It gave up waiting for those behind it, who may have done it.
                504 => new Outcome.Uncertain(refused.Message),
                >= 500 => new Outcome.Unavailable(refused.Message),
                _ => new Outcome.Refused(refused.Message),
            };
        }
        catch (RequestException failed)
        {
            return failed switch
            {
                { InnerException: NeverLeftException never } => new Outcome.Unavailable(never.Message),
                // Something on the way answered in its place, after it had passed the call on: it may have arrived.
                { HttpStatusCode: { } status } when status is HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout || (int)status >= 520 =>
                    new Outcome.Uncertain($"HTTP {(int)status}"),
                // Or it did not pass it on.
                { HttpStatusCode: { } status and not HttpStatusCode.OK } => new Outcome.Unavailable($"HTTP {(int)status}"),
                _ => new Outcome.Uncertain(failed.Message),
            };
        }
    }

    /// <summary>Whether Telegram knows the bot now.</summary>
    public async Task<bool> IsKnown(CancellationToken ct)
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
