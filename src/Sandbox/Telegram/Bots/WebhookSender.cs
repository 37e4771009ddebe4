using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Platform.Sandbox.Telegram.BotApi;

namespace Platform.Sandbox.Telegram.Bots;

/// <summary>Sends updates to webhooks, one after another. Each is retried with growing pauses until the bot answers 2xx.</summary>
internal sealed partial class WebhookSender(Messenger messenger, IHttpClientFactory clients, TimeProvider clock, ILogger<WebhookSender> logger)
    : BackgroundService
{
    public const string SecretHeader = "X-Telegram-Bot-Api-Secret-Token";

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Channel<(Bot Bot, Webhook Webhook)> _wanted = Channel.CreateUnbounded<(Bot, Webhook)>();

    /// <summary>Sends until the bot's webhook is replaced or deleted.</summary>
    public void Start(Bot bot, Webhook webhook)
    {
        // Wakes the previous sender, which may be waiting for an update, so that it ends.
        bot.Updates.Added.Fire();
        _wanted.Writer.TryWrite((bot, webhook));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sending = new List<Task>();
        try
        {
            await foreach (var (bot, webhook) in _wanted.Reader.ReadAllAsync(stoppingToken))
            {
                sending.RemoveAll(one => one.IsCompleted);
                sending.Add(Send(bot, webhook, stoppingToken));
            }
        }
        finally
        {
            await Task.WhenAll(sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Send(Bot bot, Webhook webhook, CancellationToken ct)
    {
        var pause = FirstPause;
        while (true)
        {
            Task added;
            WireUpdate? update;
            lock (messenger.Lock)
            {
                if (bot.Webhook != webhook)
                {
                    return;
                }

                added = bot.Updates.Added.Next;
                update = bot.Updates.First;
            }

            if (update is null)
            {
                await added.WaitAsync(ct);
                continue;
            }

            var failure = await Post(webhook, update, ct);
            lock (messenger.Lock)
            {
                if (failure is null)
                {
                    bot.Updates.Confirm(update.UpdateId);
                }
                else
                {
                    webhook.FailedAt = messenger.Now;
                    webhook.Failure = failure;
                }
            }

            if (failure is null)
            {
                pause = FirstPause;
                continue;
            }

            LogNotDelivered(bot.Username, failure, pause);
            await Task.Delay(pause, clock, ct);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <returns>Null on success.</returns>
    private async Task<string?> Post(Webhook webhook, WireUpdate update, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(AnswerTimeout);
        try
        {
            using var client = clients.CreateClient(nameof(WebhookSender));
            using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Address)
            {
                Content = new StringContent(JsonSerializer.Serialize(update, Wire.Json), Encoding.UTF8, "application/json"),
            };
            if (webhook.Secret is { } secret)
            {
                request.Headers.TryAddWithoutValidation(SecretHeader, secret);
            }

            using var response = await client.SendAsync(request, timeout.Token);
            return response.IsSuccessStatusCode ? null : $"Wrong response from the webhook: {(int)response.StatusCode} {response.ReasonPhrase}";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return "Connection timed out";
        }
        catch (HttpRequestException)
        {
            return "Connection refused";
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook of {Bot} did not accept an update: {Failure}. Retrying in {Pause}.")]
    private partial void LogNotDelivered(string bot, string failure, TimeSpan pause);
}
