using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Platform.Bots.Gateway;
using Platform.Bots.Storage;
using Platform.Bots.Texts;
using Platform.Contracts.Bots;
using Platform.Database;
using Platform.Messaging;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;
using Telegram.Bot.Types.ReplyMarkups;
using TelegramId = Platform.Contracts.TelegramId;

namespace Platform.Bots.Conversations;

/// <summary>
/// Handles one update of one chat: what it changes here is saved once, what it changes behind the gateway is done once (the
/// calls carry keys made of the update's number), what is said is said at least once.
/// </summary>
internal sealed partial class Conversation(
    BotScript script, BotAccount account, GatewaySessions sessions, IServiceScopeFactory scopes, UpdateInbox inbox, WallClock wall, TimeProvider clock, ILogger<Conversation> log)
{
    private const string TryAgain = "again";

    private static readonly ActivitySource Source = new("Platform.Bots");

    public async Task Handle(WaitingUpdate waiting, Place place, CancellationToken ct)
    {
        // A trace of its own, whatever this runs in.
        Activity.Current = null;
        using var activity = Source.StartActivity($"{script.Bot}: update", ActivityKind.Consumer);
        if (await inbox.Read(script.Bot, waiting, ct) is not { } update)
        {
            LogHandledElsewhere(script.Bot, waiting.Id);
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotsDb>();
        var outbox = scope.ServiceProvider.GetRequiredService<Outbox>();
        var replies = new Replies(account.Calls, waiting.From, place, clock, log);
        try
        {
            var chat = await Open(db, outbox, waiting.From, update, ct);
            if (waiting.IsTooMany)
            {
                await replies.Say(BotText.Get(chat.Language, "too_fast"), keyboard: null, ct);
            }
            else if (update.EditedMessage is not null)
            {
                await replies.Say(BotText.Get(chat.Language, "edited"), keyboard: null, ct);
            }
            else if (update.MyChatMember is null)
            {
                await Answer(update, chat, db, replies, place, activity, ct);
                await replies.Answer(update.CallbackQuery, text: null, ct);
            }
        }
        catch (PersonIsGoneException)
        {
            LogPersonIsGone(script.Bot);
        }

        await Save(db, waiting, ct);
    }

    private async Task<Chat> Open(BotsDb db, Outbox outbox, TelegramId person, Update update, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var chat = await db.Chats.FindAsync([script.Bot, person], ct);
        var isNew = chat is null;
        if (chat is null)
        {
            chat = new Chat
            {
                Bot = script.Bot,
                TelegramId = person,
                Language = BotText.LanguageOf(Sender(update)?.LanguageCode),
                StartedAt = now,
            };
            db.Add(chat);
        }

        chat.UpdatedAt = now;
        var started = update.MyChatMember is { } changed
            ? changed.NewChatMember.Status is ChatMemberStatus.Member
            : isNew || update.Message?.Text?.StartsWith("/start", StringComparison.Ordinal) is true;
        if (started)
        {
            outbox.Add(new BotStarted { Bot = script.Bot, TelegramId = person, StartedAt = now });
        }

        return chat;
    }

    private async Task Answer(Update update, Chat chat, BotsDb db, Replies replies, Place place, Activity? activity, CancellationToken ct)
    {
        if (update.CallbackQuery is { } press && press.Data?.Split(':') is [TryAgain, var number])
        {
            if (Failed(chat, number) is not { } failed)
            {
                await replies.Answer(press, BotText.Plain(chat.Language, "button.outdated"), ct);
                return;
            }

            // As the update that it was, with its number: what it has done behind the gateway already is not done again.
            update = failed;
            await replies.TakeButtons(press.Message!.Id, ct);
        }

        // Whoever goes on with something else does not come back to it by an old button.
        chat.FailedUpdate = null;
        var turn = new Turn(
            update, chat, script, replies, account.Username, new GatewayCalls(sessions, chat.TelegramId, update.Id, place), db, wall, clock.GetUtcNow());
        var question = chat.QuestionId;
        Func<Task>? say = null;
        try
        {
            await Understand(turn, ct);
            if (question is { } answered && chat.QuestionId != answered)
            {
                // By whatever it was answered, or dropped: its buttons mean nothing any more.
                await replies.TakeButtons(answered, ct);
            }
        }
        catch (GatewayRefusedException refused) when (refused.Code == PlatformErrors.UserBlocked.Code)
        {
            say = () => turn.Say("blocked", ct);
        }
        catch (GatewayRefusedException refused) when (refused.RetryAfter is { } wait)
        {
            say = () => turn.Say("too_often", ct, ("seconds", (long)wait.TotalSeconds));
        }
        catch (GatewayAwayException fault)
        {
            LogGatewayAway(fault, script.Bot, turn.Route);
            say = () => TellFailure(turn, update, ct);
        }
        // The database's own trouble is waited for elsewhere.
        catch (Exception fault) when (fault is not PersonIsGoneException && !TransientFaults.IsTransient(fault) && !ct.IsCancellationRequested)
        {
            LogFailed(fault, script.Bot, turn.Route);
            say = () => TellFailure(turn, update, ct);
        }

        activity?.DisplayName = $"{script.Bot}: {StepNames.Of(turn.Route)}";
        if (say is not null)
        {
            activity?.SetStatus(ActivityStatusCode.Error);
            // Half a step is no step: the chat stays as it was.
            Undo(chat, db);
            chat.FailedUpdate = null;
            await say();
        }
    }

    private async Task Understand(Turn turn, CancellationToken ct)
    {
        try
        {
            await turn.Handle(ct);
        }
        catch (GatewayRefusedException refused) when (refused.Code == PlatformErrors.Forbidden.Code)
        {
            await script.OfStranger(turn, ct);
        }
    }

    private static async Task TellFailure(Turn turn, Update update, CancellationToken ct)
    {
        turn.Chat.FailedUpdate = UpdateReader.Payload(update);
        await turn.Say("failed", new InlineKeyboardMarkup(turn.Pressable("button.try_again", $"{TryAgain}:{update.Id}")), ct);
    }

    private static Update? Failed(Chat chat, string number) =>
        chat.FailedUpdate is { } payload && UpdateReader.Parse(payload) is var failed && $"{failed.Id}" == number ? failed : null;

    /// <summary>Takes back what the handler has changed of the chat and wanted to save, and keeps what the update itself brought.</summary>
    private static void Undo(Chat chat, BotsDb db)
    {
        foreach (var entry in db.ChangeTracker.Entries().ToList())
        {
            if (entry.Entity is OutboxMessage)
            {
                continue;
            }

            if (entry.Entity != chat)
            {
                entry.State = EntityState.Detached;
            }
            else if (entry.State is EntityState.Added)
            {
                chat.Finish();
            }
            else
            {
                entry.CurrentValues.SetValues(entry.OriginalValues);
            }
        }
    }

    private async Task Save(BotsDb db, WaitingUpdate waiting, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await inbox.IsHandledNow(db, script.Bot, waiting.Id, ct))
        {
            LogHandledElsewhere(script.Bot, waiting.Id);
            return;
        }

        await SaveWhatIsLeft(db, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Whoever had himself erased meanwhile has no conversations any more: what else came of the update is saved all the same.</summary>
    private static async Task SaveWhatIsLeft(BotsDb db, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await db.SaveChangesAsync(ct);
                return;
            }
            catch (DbUpdateConcurrencyException gone) when (gone.Entries.All(entry => entry.Entity is Chat))
            {
                foreach (var entry in gone.Entries)
                {
                    entry.State = EntityState.Detached;
                }
            }
        }
    }

    private static User? Sender(Update update) =>
        update.Message?.From ?? update.CallbackQuery?.From ?? update.MyChatMember?.From ?? update.EditedMessage?.From;

    [LoggerMessage(Level = LogLevel.Information, Message = "Somebody has blocked the {Bot} bot while he was answered.")]
    private partial void LogPersonIsGone(string bot);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The gateway could not do what {Route} of the {Bot} bot needs; the person may try again.")]
    private partial void LogGatewayAway(Exception fault, string bot, string? route);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Route} of the {Bot} bot failed; the person may try again.")]
    private partial void LogFailed(Exception fault, string bot, string? route);

    [LoggerMessage(Level = LogLevel.Information, Message = "Update {UpdateId} of the {Bot} bot was handled by another replica meanwhile.")]
    private partial void LogHandledElsewhere(string bot, long updateId);
}
