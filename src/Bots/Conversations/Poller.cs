using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Bots.Storage;
using Platform.Bots.Texts;
using Platform.Contracts.Bots;
using Platform.Database.Jobs;
using Platform.Messaging;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types;

namespace Platform.Bots.Conversations;

/// <summary>
/// Fetches a bot's updates by long polling and queues them, on the leading replica: Telegram allows one poller per token. Pending
/// updates of an earlier leader go first.
/// </summary>
internal sealed partial class Poller(
    BotScript script, BotAccount account, UpdateHandler handler, UpdateInbox inbox, Quarantine quarantine, LeaderElection election,
    IOptions<BotsOptions> options, IServiceScopeFactory scopes, TimeProvider clock, ILogger<Poller> log)
    : BackgroundService
{
    private static readonly TimeSpan UnconfirmablePause = TimeSpan.FromSeconds(15);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // On every replica, for its health.
        var me = GetMe(stoppingToken);
        return Task.WhenAll(me, election.Lead($"poll {script.Bot}", (_, ct) => Lead(me, ct), stoppingToken));
    }

    /// <returns>Null when the process stops before Telegram answers.</returns>
    private async Task<User?> GetMe(CancellationToken ct)
    {
        User? me = null;
        await Retry("getMe", async attempt => me = await account.GetMe(attempt), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (me is not null)
        {
            LogConnected(script.Bot, me.Username);
        }

        return me;
    }

    private async Task Lead(Task<User?> me, CancellationToken ct)
    {
        using var queues = new ChatQueues(options.Value.ChatsAtOnce, handler.Handle);
        var commands = Task.CompletedTask;
        try
        {
            await QueuePending(queues, ct);
            if ((await me.WaitAsync(ct))?.Username is { } username)
            {
                await PublishConnected(username, ct);
            }

            // In parallel, so that no one waits for an answer while Telegram refuses these calls.
            commands = Retry("setMyCommands", SetCommands, ct);
            await Poll(queues, ct);
        }
        finally
        {
            await queues.Drain();
            await commands.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task QueuePending(ChatQueues queues, CancellationToken ct)
    {
        var last = long.MinValue;
        while (await inbox.GetPending(script.Bot, last, ct) is { Count: > 0 } page)
        {
            await Queue(page, queues, ct);
            last = page[^1].Id;
        }
    }

    private async Task Poll(ChatQueues queues, CancellationToken ct)
    {
        var feed = new UpdateFeed(account, options.Value.LongPoll);
        int? offset = null;
        while (!ct.IsCancellationRequested)
        {
            IReadOnlyList<SentUpdate> sent = [];
            await Retry("getUpdates", async attempt => sent = await feed.Next(offset, attempt), ct);
            await Queue(await inbox.Store(script.Bot, await Read(sent, ct), ct), queues, ct);

            // Confirms what is stored now.
            if (sent.LastOrDefault(update => update.Id is not null)?.Id is { } last)
            {
                offset = last + 1;
            }
            else if (sent.Count > 0)
            {
                // Updates without a number cannot be confirmed: they come again until a numbered one follows. The health check shows it.
                await Task.Delay(UnconfirmablePause, clock, ct);
                continue;
            }

            await inbox.RecordPoll(script.Bot, ct);
        }
    }

    private async Task<IReadOnlyList<(PendingUpdate, SentUpdate)>> Read(IReadOnlyList<SentUpdate> sent, CancellationToken ct)
    {
        var updates = new List<(PendingUpdate, SentUpdate)>();
        foreach (var update in sent)
        {
            try
            {
                if (UpdateReader.Read(update) is { } personal)
                {
                    updates.Add((personal, update));
                }
            }
            // Of any type, since the sender controls where the parser fails.
            catch (Exception fault)
            {
                await quarantine.Add(script.Bot, update, fault, ct);
            }
        }

        return updates;
    }

    private async Task Queue(IReadOnlyList<PendingUpdate> updates, ChatQueues queues, CancellationToken ct)
    {
        List<PendingUpdate> rejected = [];
        foreach (var update in updates)
        {
            if (!await queues.Add(update, ct))
            {
                rejected.Add(update);
            }
        }

        if (rejected.Count > 0)
        {
            LogOverLimit(rejected.Count, script.Bot);
            await inbox.Discard(script.Bot, rejected, ct);
        }
    }

    /// <summary>Lets other services link to this bot. A failure ends this leadership, and the next leader publishes the event.</summary>
    private async Task PublishConnected(string username, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Outbox>().Add(new BotConnected { Bot = script.Bot, Username = username, ConnectedAt = clock.GetUtcNow() });
        await scope.ServiceProvider.GetRequiredService<BotsDb>().SaveChangesAsync(ct);
    }

    private async Task SetCommands(CancellationToken ct)
    {
        // The same choice of language as for a new chat.
        await SetCommands(telegramLanguage: null, "en", ct);
        foreach (var telegramLanguage in BotText.ReadRussian)
        {
            await SetCommands(telegramLanguage, "ru", ct);
        }
    }

    private Task SetCommands(string? telegramLanguage, string language, CancellationToken ct) => account.Client.SetMyCommands(
        script.Commands.Select(command => new BotCommand(command.Word, BotText.Plain(language, command.Description))),
        languageCode: telegramLanguage, cancellationToken: ct);

    /// <summary>Retries until Telegram answers. A failure is logged when its reason changes, not at each attempt.</summary>
    private async Task Retry(string call, Func<CancellationToken, Task> attempt, CancellationToken ct)
    {
        string? logged = null;
        await RetryPolicies.TelegramPolling(clock, onRetry: LogOnce).ExecuteAsync(async token => await attempt(token), ct);
        if (logged is not null)
        {
            LogAvailableAgain(script.Bot, call);
        }

        void LogOnce(RequestException fault)
        {
            var refusal = (fault as ApiRequestException)?.ErrorCode;
            var reason = refusal?.ToString(CultureInfo.InvariantCulture) ?? fault.GetType().Name;
            if (logged != reason)
            {
                logged = reason;
                LogFailure(call, fault, refusal);
            }
        }
    }

    private void LogFailure(string call, RequestException fault, int? refusal)
    {
        switch (refusal)
        {
            case 401 or 404:
                LogTokenRefused(script.Bot, $"TELEGRAM_TOKEN_{script.Bot.ToUpperInvariant()}");
                break;
            case 409:
                LogAnotherPoller(script.Bot);
                break;
            default:
                LogUnavailable(script.Bot, call, fault.Message);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The {Bot} bot is @{Username}.")]
    private partial void LogConnected(string bot, string? username);

    [LoggerMessage(Level = LogLevel.Error, Message = "Telegram refuses the token of the {Bot} bot: check {Setting}. This bot does not answer until then.")]
    private partial void LogTokenRefused(string bot, string setting);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Another process polls with the token of the {Bot} bot, or the bot has a webhook: stop that process or delete the webhook. Retrying.")]
    private partial void LogAnotherPoller(string bot);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Call} of the {Bot} bot failed: {Reason}. Retrying.")]
    private partial void LogUnavailable(string bot, string call, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Call} of the {Bot} bot succeeds again.")]
    private partial void LogAvailableAgain(string bot, string call);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} updates of the {Bot} bot are discarded: their senders write faster than the bot can answer.")]
    private partial void LogOverLimit(int count, string bot);
}
