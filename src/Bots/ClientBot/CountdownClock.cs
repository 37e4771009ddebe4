using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Bots.Storage;
using Platform.Contracts;
using Platform.Contracts.Bots;
using Platform.Contracts.Loyalty;
using Platform.Database.Jobs;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types.Enums;

namespace Platform.Bots.ClientBot;

/// <summary>
/// Counts the seconds of shown codes down in their messages, until they are used or run out; on one replica. A step that is
/// late or fails is left out: the next one shows the right number.
/// </summary>
internal sealed partial class CountdownClock(
    IServiceProvider services, IServiceScopeFactory scopes, LeaderElection election, IOptions<BotsOptions> options, TimeProvider clock, ILogger<CountdownClock> log)
    : BackgroundService
{
    /// <summary>Edits a second, of the 30 messages that Telegram takes from a bot: replies and notifications go first.</summary>
    private const int StepsAtOnce = 8;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>How long all countdowns stand still at once, whatever Telegram asks for: each chat that it has named waits as long as it asked.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly BotAccount? _account = services.GetKeyedService<BotAccount>(BotNames.Client);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        _account is null ? Task.CompletedTask : election.Lead("countdowns", (_, ct) => Run(_account, ct), stoppingToken);

    private async Task Run(BotAccount account, CancellationToken ct)
    {
        var sessions = services.GetRequiredKeyedService<GatewaySessions>(BotNames.Client);
        var notBefore = DateTimeOffset.MinValue;
        var asked = new Dictionary<TelegramId, DateTimeOffset>();
        using var timer = new PeriodicTimer(Tick, clock);
        while (await timer.WaitForNextTickAsync(ct))
        {
            if (clock.GetUtcNow() < notBefore)
            {
                continue;
            }

            foreach (var (chat, _) in asked.Where(chat => chat.Value <= clock.GetUtcNow()).ToList())
            {
                asked.Remove(chat);
            }

            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<BotsDb>();
            var now = clock.GetUtcNow();
            var due = await db.Countdowns.Where(countdown => countdown.NextAt <= now).OrderBy(countdown => countdown.NextAt).Take(StepsAtOnce).AsNoTracking().ToListAsync(ct);
            var steps = await Task.WhenAll(due.Select(countdown => asked.TryGetValue(countdown.TelegramId, out var until) && until > now
                ? Task.FromResult((true, until - now))
                : Step(countdown, account, new GatewayCalls(sessions, countdown.TelegramId, updateId: null), ct)));
            foreach (var (countdown, (goesOn, wait)) in due.Zip(steps))
            {
                if (wait > TimeSpan.Zero && asked.TryAdd(countdown.TelegramId, clock.GetUtcNow() + wait) && asked.Count > 1)
                {
                    // Telegram limits a chat, and the bot as a whole. Two chats at once look like the whole bot, but may be two guests who press too often.
                    notBefore = clock.GetUtcNow() + (wait < LongestPause ? wait : LongestPause);
                }

                // The guest may have asked for another code meanwhile: its row is the same, its code is not.
                var same = db.Countdowns.Where(row => row.TelegramId == countdown.TelegramId && row.Code == countdown.Code && row.MessageId == countdown.MessageId);
                var next = wait > TimeSpan.Zero ? clock.GetUtcNow() + wait : NextStep(countdown.ExpiresAt, clock.GetUtcNow());
                _ = goesOn
                    ? await same.ExecuteUpdateAsync(row => row.SetProperty(r => r.NextAt, next), ct)
                    : await same.ExecuteDeleteAsync(ct);
            }
        }
    }

    /// <summary>Counted back from the end, so that the seconds shown go down by the same each time however long a step takes.</summary>
    private DateTimeOffset NextStep(DateTimeOffset end, DateTimeOffset now)
    {
        var every = options.Value.CountdownEvery;
        return end > now ? end - (every * (Math.Ceiling((end - now) / every) - 1)) : end;
    }

    /// <returns>Whether there is something left to count down, and for how long Telegram asks to leave its chat alone.</returns>
    private async Task<(bool GoesOn, TimeSpan Wait)> Step(Countdown countdown, BotAccount account, GatewayCalls gateway, CancellationToken ct)
    {
        var state = await StateOf(countdown, gateway, ct);
        var (chat, message, language) = (countdown.TelegramId.Value, (int)countdown.MessageId, countdown.Language);
        try
        {
            if (state.Status == CodeState.Live)
            {
                await account.Calls.EditMessageText(chat, message, PaymentCode.Text(language, countdown.Code, state.SecondsLeft), ParseMode.Html, cancellationToken: ct);
                return (true, TimeSpan.Zero);
            }

            var keyboard = state.Status == CodeState.Expired ? PaymentCode.AskForAnother(language) : null;
            await account.Calls.EditMessageText(
                chat, message, PaymentCode.Ended(language, state.Status, countdown.Code), ParseMode.Html, replyMarkup: keyboard, cancellationToken: ct);
            return (false, TimeSpan.Zero);
        }
        // The message reads so already, was deleted, or its reader has blocked the bot.
        catch (ApiRequestException refused) when (refused.ErrorCode is 400 or 403)
        {
            return (state.Status == CodeState.Live && refused.ErrorCode == 400, TimeSpan.Zero);
        }
        catch (RequestException fault)
        {
            LogStepLeftOut(fault.Message);
            var wait = TimeSpan.FromSeconds((fault as ApiRequestException)?.Parameters?.RetryAfter ?? 0);
            return (wait > TimeSpan.Zero || clock.GetUtcNow() < countdown.ExpiresAt + Patience, wait);
        }
    }

    /// <summary>For how long after its end a message is tried to be brought up to date, while Telegram is silent.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>While the gateway cannot be asked, the clock says what is likely.</summary>
    private async Task<CodeState> StateOf(Countdown countdown, GatewayCalls gateway, CancellationToken ct)
    {
        var left = (long)Math.Ceiling((countdown.ExpiresAt - clock.GetUtcNow()).TotalSeconds);
        var likely = new CodeState(left > 0 ? CodeState.Live : CodeState.Expired, Math.Max(left, 0));
        try
        {
            return await gateway.Get<CodeState>($"/api/loyalty/codes/{countdown.Code}", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Code == LoyaltyErrors.CodeUnknown.Code)
        {
            return new CodeState(CodeState.Expired, 0);
        }
        catch (Exception fault) when (fault is GatewayAwayException or GatewayRefusedException)
        {
            LogNotAsked(fault.Message);
            return likely;
        }
    }

    private sealed record CodeState(string Status, long SecondsLeft)
    {
        public const string Live = "live";
        public const string Expired = "expired";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A step of a countdown is left out: {Reason}")]
    private partial void LogStepLeftOut(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "What became of a code could not be asked: {Reason}")]
    private partial void LogNotAsked(string reason);
}
