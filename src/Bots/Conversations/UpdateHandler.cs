using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Platform.Bots.Storage;
using Platform.Bots.Texts;
using Platform.Contracts.Bots;
using Platform.Messaging;
using Polly;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;
using TelegramId = Platform.Contracts.TelegramId;

namespace Platform.Bots.Conversations;

/// <summary>
/// Handles a pending update: its changes here are saved once, its changes behind the gateway happen once (the calls carry keys made
/// from the update's number), and its replies are sent at least once.
/// </summary>
internal sealed partial class UpdateHandler
{
    private static readonly ActivitySource Source = new("Platform.Bots");

    private readonly string _bot;
    private readonly BotAccount _account;
    private readonly Conversation _conversation;
    private readonly UpdateInbox _inbox;
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _clock;
    private readonly ILogger<UpdateHandler> _log;
    private readonly ResiliencePipeline _databaseRetries;

    public UpdateHandler(
        BotAccount account, Conversation conversation, UpdateInbox inbox, IServiceScopeFactory scopes, TimeProvider clock, ILogger<UpdateHandler> log)
    {
        (_bot, _account, _conversation, _inbox, _scopes, _clock, _log) = (account.Bot, account, conversation, inbox, scopes, clock, log);
        _databaseRetries = RetryPolicies.Database(clock, onRetry: (fault, delay) => LogDatabaseUnavailable(fault, _bot, delay));
    }

    /// <summary>Waits out a database outage. An update that fails for another reason is discarded: it must not block its chat.</summary>
    public async Task Handle(PendingUpdate pending, Slot slot, CancellationToken ct)
    {
        try
        {
            await _databaseRetries.ExecuteAsync(async attempt => await TryHandle(pending, slot, attempt), ct);
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            LogDiscarded(fault, _bot, pending.Id);
            await _databaseRetries.ExecuteAsync(async attempt => await _inbox.Discard(_bot, [pending], attempt), ct);
        }
    }

    private async Task TryHandle(PendingUpdate pending, Slot slot, CancellationToken ct)
    {
        // Each update starts a trace of its own.
        Activity.Current = null;
        using var activity = Source.StartActivity($"{_bot}: update", ActivityKind.Consumer);
        if (await _inbox.Read(_bot, pending, ct) is not { } update)
        {
            LogHandledElsewhere(_bot, pending.Id);
            return;
        }

        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotsDb>();
        var sender = new ChatSender(_account.Client, pending.From, slot, _clock, _log);
        try
        {
            var chat = await OpenChat(db, scope.ServiceProvider.GetRequiredService<Outbox>(), pending.From, update, ct);
            if (pending.IsOverLimit)
            {
                await sender.Send(BotText.Get(chat.Language, "too_fast"), keyboard: null, ct);
            }
            else if (update.EditedMessage is not null)
            {
                await sender.Send(BotText.Get(chat.Language, "edited"), keyboard: null, ct);
            }
            else if (update.MyChatMember is null)
            {
                await _conversation.Answer(update, chat, db, sender, slot, ct);
                await sender.AnswerPress(update.CallbackQuery, text: null, ct);
            }
        }
        catch (BotBlockedException)
        {
            LogBlocked(_bot);
        }

        await Save(db, pending, ct);
    }

    private async Task<Chat> OpenChat(BotsDb db, Outbox outbox, TelegramId person, Update update, CancellationToken ct)
    {
        var now = _clock.GetUtcNow();
        var chat = await db.Chats.FindAsync([_bot, person], ct);
        var isNew = chat is null;
        if (chat is null)
        {
            chat = new Chat
            {
                Bot = _bot,
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
            outbox.Add(new BotStarted { Bot = _bot, TelegramId = person, StartedAt = now });
        }

        return chat;
    }

    private async Task Save(BotsDb db, PendingUpdate pending, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await _inbox.TryMarkHandled(db, _bot, pending.Id, ct))
        {
            LogHandledElsewhere(_bot, pending.Id);
            return;
        }

        await SaveChanges(db, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>If the person was erased during the update, the chat's row is gone; the other changes are saved all the same.</summary>
    private static async Task SaveChanges(BotsDb db, CancellationToken ct)
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

    [LoggerMessage(Level = LogLevel.Information, Message = "A reply of the {Bot} bot was not sent: the person has blocked the bot.")]
    private partial void LogBlocked(string bot);

    [LoggerMessage(Level = LogLevel.Information, Message = "Update {UpdateId} of the {Bot} bot was already handled by another replica.")]
    private partial void LogHandledElsewhere(string bot, long updateId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is unavailable; an update of the {Bot} bot is retried in {Delay}.")]
    private partial void LogDatabaseUnavailable(Exception fault, string bot, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Error, Message = "Update {UpdateId} of the {Bot} bot could not be handled and is discarded.")]
    private partial void LogDiscarded(Exception fault, string bot, long updateId);
}
