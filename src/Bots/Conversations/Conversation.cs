using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Platform.Bots.Gateway;
using Platform.Bots.Storage;
using Platform.Database;
using Platform.Messaging;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.Conversations;

/// <summary>Answers an update by the bot's script, and tells the person when that fails, with a button to try again.</summary>
internal sealed partial class Conversation(
    BotScript script, BotAccount account, GatewayTokens tokens, BusinessClock wall, TimeProvider clock, ILogger<Conversation> log)
{
    private const string TryAgain = "again";

    public async Task Answer(Update update, Chat chat, BotsDb db, ChatSender sender, Slot slot, CancellationToken ct)
    {
        var texts = new ChatTexts(chat);
        if (update.CallbackQuery is { } press && press.Data?.Split(':') is [TryAgain, var number])
        {
            if (FailedUpdate(chat, number) is not { } failed)
            {
                await sender.AnswerPress(press, texts.Label("button.outdated"), ct);
                return;
            }

            // Under its own number, so that its calls to the gateway keep their idempotency keys.
            update = failed;
            await sender.RemoveButtons(press.Message!.Id, ct);
        }

        // Any other input makes the button "try again" outdated.
        chat.FailedUpdate = null;
        var input = new UserInput(update);
        var turn = new Turn(
            input, chat, texts, new Reply(input, chat, texts, sender), new GatewayCalls(tokens, chat.TelegramId, update.Id, slot), db, wall,
            clock.GetUtcNow(), account.Username);
        var activity = Activity.Current;
        var question = chat.QuestionId;
        Func<Task>? explain = null;
        try
        {
            await Run(turn, ct);
            if (question is { } answered && chat.QuestionId != answered)
            {
                await sender.RemoveButtons(answered, ct);
            }
        }
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.UserBlocked))
        {
            explain = () => turn.Reply.Say("blocked", ct);
        }
        catch (GatewayRefusedException refused) when (refused.RetryAfter is { } wait)
        {
            explain = () => turn.Reply.Say("too_often", ct, ("seconds", (long)wait.TotalSeconds));
        }
        catch (GatewayUnavailableException fault)
        {
            LogGatewayUnavailable(fault, script.Bot, turn.Route);
            explain = () => OfferRetry(turn, update, ct);
        }
        // Database outages are waited out by UpdateHandler.
        catch (Exception fault) when (fault is not BotBlockedException && !TransientFaults.IsTransient(fault) && !ct.IsCancellationRequested)
        {
            LogFailed(fault, script.Bot, turn.Route);
            explain = () => OfferRetry(turn, update, ct);
        }

        activity?.DisplayName = $"{script.Bot}: {StepNames.Of(turn.Route)}";
        if (explain is not null)
        {
            activity?.SetStatus(ActivityStatusCode.Error);
            // A half-finished step must not be saved.
            Revert(chat, db);
            chat.FailedUpdate = null;
            await explain();
        }
    }

    private async Task Run(Turn turn, CancellationToken ct)
    {
        try
        {
            var route = script.Find(turn.Input, turn.Chat);
            do
            {
                turn.Enter(route);
                await script.HandlerOf(route)(turn, ct);
                route = turn.Next;
            }
            while (route is not null);
        }
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.Forbidden))
        {
            await script.ForbiddenHandler(turn, ct);
        }
    }

    private static async Task OfferRetry(Turn turn, Update update, CancellationToken ct)
    {
        turn.Chat.FailedUpdate = UpdateReader.Payload(update);
        await turn.Reply.Say("failed", new InlineKeyboardMarkup(turn.Texts.Button("button.try_again", $"{TryAgain}:{update.Id}")), ct);
    }

    private static Update? FailedUpdate(Chat chat, string number) =>
        chat.FailedUpdate is { } payload && UpdateReader.Parse(payload) is var failed && $"{failed.Id}" == number ? failed : null;

    /// <summary>Reverts what the handler changed, but not what the update itself brought: a new chat, an event.</summary>
    private static void Revert(Chat chat, BotsDb db)
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Route} of the {Bot} bot failed: the gateway is unavailable. The person can try again.")]
    private partial void LogGatewayUnavailable(Exception fault, string bot, string? route);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Route} of the {Bot} bot failed. The person can try again.")]
    private partial void LogFailed(Exception fault, string bot, string? route);
}
