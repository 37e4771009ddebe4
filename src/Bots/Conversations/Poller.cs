using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Bots.Storage;
using Platform.Bots.Texts;
using Platform.Contracts.Bots;
using Platform.Database;
using Platform.Database.Jobs;
using Platform.Messaging;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types;

namespace Platform.Bots.Conversations;

/// <summary>
/// Fetches a bot's updates by long polling and has them handled, on the one replica that leads: Telegram takes one poller a
/// token. What was kept and not handled, by this leader or the one before, comes first.
/// </summary>
internal sealed partial class Poller(
    BotScript script, BotAccount account, Conversation conversation, UpdateInbox inbox, Quarantine quarantine, LeaderElection election,
    IOptions<BotsOptions> options, IServiceScopeFactory scopes, TimeProvider clock, ILogger<Poller> log)
    : BackgroundService
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var known = BeKnown(stoppingToken);
        return Task.WhenAll(known, election.Lead($"poll {script.Bot}", (_, ct) => Lead(known, ct), stoppingToken));
    }

    /// <summary>On every replica, for its health: whether Telegram knows the token.</summary>
    /// <returns>Null when the process stops before.</returns>
    private async Task<User?> BeKnown(CancellationToken ct)
    {
        User? me = null;
        await UntilAnswered("getMe", async attempt => me = await account.Introduce(attempt), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (me is not null)
        {
            LogKnown(script.Bot, me.Username);
        }

        return me;
    }

    private async Task Lead(Task<User?> known, CancellationToken ct)
    {
        using var queues = new ChatQueues(options.Value.ChatsAtOnce, HandleUntilDone);
        var commands = Task.CompletedTask;
        try
        {
            await QueueWhatWaits(queues, ct);
            if ((await known.WaitAsync(ct))?.Username is { } username)
            {
                await TellOfConnection(username, ct);
            }

            // Beside the updates: nobody waits for an answer because Telegram does not take these now.
            commands = UntilAnswered("setMyCommands", TellCommands, ct);
            await Poll(queues, ct);
        }
        finally
        {
            await queues.Drained();
            await commands.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task QueueWhatWaits(ChatQueues queues, CancellationToken ct)
    {
        var last = long.MinValue;
        while (await inbox.Waiting(script.Bot, last, ct) is { Count: > 0 } page)
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
            await UntilAnswered("getUpdates", async attempt => sent = await feed.Next(offset, attempt), ct);
            await Queue(await inbox.Keep(script.Bot, await Read(sent, ct), ct), queues, ct);

            // The next request confirms what is kept now.
            if (sent.LastOrDefault(update => update.Id is not null)?.Id is { } last)
            {
                offset = last + 1;
            }
            else if (sent.Count > 0)
            {
                // They come again with each request until a number follows, and the bot's health tells that nothing moves.
                await Task.Delay(LongestPause, clock, ct);
                continue;
            }

            await inbox.Moved(script.Bot, ct);
        }
    }

    private async Task<IReadOnlyList<(WaitingUpdate, SentUpdate)>> Read(IReadOnlyList<SentUpdate> sent, CancellationToken ct)
    {
        var updates = new List<(WaitingUpdate, SentUpdate)>();
        foreach (var update in sent)
        {
            try
            {
                if (UpdateReader.Read(update) is { } personal)
                {
                    updates.Add((personal, update));
                }
            }
            // Of whatever kind: where the reader stumbles is up to the sender, and the others' updates go on.
            catch (Exception fault)
            {
                await quarantine.Add(script.Bot, update, fault, ct);
            }
        }

        return updates;
    }

    private async Task Queue(IReadOnlyList<WaitingUpdate> updates, ChatQueues queues, CancellationToken ct)
    {
        List<WaitingUpdate> tooMany = [];
        foreach (var update in updates)
        {
            if (!await queues.Add(update, ct))
            {
                tooMany.Add(update);
            }
        }

        if (tooMany.Count > 0)
        {
            LogLeftOut(tooMany.Count, script.Bot);
            await inbox.Drop(script.Bot, tooMany, ct);
        }
    }

    /// <summary>The other services may lead people to this bot from now on. A failure ends this leadership, and the next one tells of it.</summary>
    private async Task TellOfConnection(string username, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Outbox>().Add(new BotConnected { Bot = script.Bot, Username = username, ConnectedAt = clock.GetUtcNow() });
        await scope.ServiceProvider.GetRequiredService<BotsDb>().SaveChangesAsync(ct);
    }

    private async Task TellCommands(CancellationToken ct)
    {
        // As a new chat begins: in Russian with those who are likely to read it, in English with all others.
        await TellCommands(telegramLanguage: null, "en", ct);
        foreach (var telegramLanguage in BotText.ReadRussian)
        {
            await TellCommands(telegramLanguage, "ru", ct);
        }
    }

    private Task TellCommands(string? telegramLanguage, string language, CancellationToken ct) => account.Calls.SetMyCommands(
        script.Commands.Select(command => new BotCommand(command.Word, BotText.Plain(language, command.Description))),
        languageCode: telegramLanguage, cancellationToken: ct);

    /// <summary>Without end while the database is away; what fails for another reason is given up, so that it does not block the chat, and is not begun again at the next start.</summary>
    private async Task HandleUntilDone(WaitingUpdate update, Place place, CancellationToken ct)
    {
        try
        {
            await UntilDatabaseIsThere(() => conversation.Handle(update, place, ct), ct);
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            LogGivenUp(fault, script.Bot, update.Id);
            await UntilDatabaseIsThere(() => inbox.Drop(script.Bot, [update], ct), ct);
        }
    }

    private async Task UntilDatabaseIsThere(Func<Task> attempt, CancellationToken ct)
    {
        var pause = ShortestPause;
        while (true)
        {
            try
            {
                await attempt();
                return;
            }
            catch (Exception fault) when (TransientFaults.IsTransient(fault) && !ct.IsCancellationRequested)
            {
                LogDatabaseAway(fault, script.Bot, pause);
                await Task.Delay(pause, clock, ct);
                pause = Longer(pause);
            }
        }
    }

    /// <summary>Tries until Telegram answers. What is wrong is logged when it begins, not at each try.</summary>
    private async Task UntilAnswered(string call, Func<CancellationToken, Task> attempt, CancellationToken ct)
    {
        var pause = ShortestPause;
        string? told = null;
        while (true)
        {
            try
            {
                await attempt(ct);
                if (told is not null)
                {
                    LogAnswersAgain(script.Bot, call);
                }

                return;
            }
            catch (RequestException fault) when (!ct.IsCancellationRequested)
            {
                var refusal = (fault as ApiRequestException)?.ErrorCode;
                var reason = refusal?.ToString(CultureInfo.InvariantCulture) ?? fault.GetType().Name;
                if (told != reason)
                {
                    told = reason;
                    Tell(call, fault, refusal);
                }

                if ((fault as ApiRequestException)?.Parameters?.RetryAfter is { } seconds)
                {
                    pause = TimeSpan.FromSeconds(seconds);
                }

                await Task.Delay(pause, clock, ct);
                pause = Longer(pause);
            }
        }
    }

    private void Tell(string call, RequestException fault, int? refusal)
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
                LogNoAnswer(script.Bot, call, fault.Message);
                break;
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    [LoggerMessage(Level = LogLevel.Information, Message = "The {Bot} bot is @{Username}.")]
    private partial void LogKnown(string bot, string? username);

    [LoggerMessage(Level = LogLevel.Error, Message = "Telegram refuses the token of the {Bot} bot: check {Setting}. It is silent till then; the other bots go on.")]
    private partial void LogTokenRefused(string bot, string setting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Somebody else polls with the token of the {Bot} bot, or it has a webhook. It is tried again.")]
    private partial void LogAnotherPoller(string bot);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telegram does not answer {Call} of the {Bot} bot: {Reason}. It is tried again.")]
    private partial void LogNoAnswer(string bot, string call, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Telegram answers {Call} of the {Bot} bot again.")]
    private partial void LogAnswersAgain(string bot, string call);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is away; an update of the {Bot} bot is tried again in {Pause}.")]
    private partial void LogDatabaseAway(Exception fault, string bot, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} updates of the {Bot} bot are left out: their senders write faster than they can be answered.")]
    private partial void LogLeftOut(int count, string bot);

    [LoggerMessage(Level = LogLevel.Error, Message = "Update {UpdateId} of the {Bot} bot could not be handled and is given up.")]
    private partial void LogGivenUp(Exception fault, string bot, long updateId);
}
