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

/// <summary>Updates the countdowns of shown codes, on the leading replica. A late or failed step is skipped: the next one is right.</summary>
internal sealed partial class CountdownClock(
    IServiceProvider services, IServiceScopeFactory scopes, LeaderElection election, IOptions<BotsOptions> options, TimeProvider clock,
    ILogger<CountdownClock> log)
    : BackgroundService
{
    /// <summary>Edits per second. Telegram accepts 30 messages a second from a bot, and most of them belong to replies and notifications.</summary>
    private const int MaxStepsPerTick = 8;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>Limit for pausing all countdowns; a throttled chat itself waits as long as Telegram asks.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>How long after a code's expiry its message is still updated, while Telegram is unavailable.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly BotAccount? _account = services.GetKeyedService<BotAccount>(BotNames.Client);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        _account is null ? Task.CompletedTask : election.Lead("countdowns", (_, ct) => Run(_account, ct), stoppingToken);

    private async Task Run(BotAccount account, CancellationToken ct)
    {
        var tokens = services.GetRequiredKeyedService<GatewayTokens>(BotNames.Client);
        var notBefore = DateTimeOffset.MinValue;
        var throttled = new Dictionary<TelegramId, DateTimeOffset>();
        using var timer = new PeriodicTimer(Tick, clock);
        while (await timer.WaitForNextTickAsync(ct))
        {
            if (clock.GetUtcNow() < notBefore)
            {
                continue;
            }

            foreach (var (chat, _) in throttled.Where(chat => chat.Value <= clock.GetUtcNow()).ToList())
            {
                throttled.Remove(chat);
            }

            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<BotsDb>();
            var now = clock.GetUtcNow();
            var due = await db.Countdowns.Where(countdown => countdown.NextAt <= now)
                .OrderBy(countdown => countdown.NextAt).Take(MaxStepsPerTick).AsNoTracking().ToListAsync(ct);
            var steps = await Task.WhenAll(due.Select(countdown => throttled.TryGetValue(countdown.TelegramId, out var until) && until > now
                ? Task.FromResult((true, until - now))
                : Step(countdown, account, new GatewayCalls(tokens, countdown.TelegramId, updateId: null), ct)));
            foreach (var (countdown, (continues, wait)) in due.Zip(steps))
            {
                if (wait > TimeSpan.Zero && throttled.TryAdd(countdown.TelegramId, clock.GetUtcNow() + wait) && throttled.Count > 1)
                {
                    // Telegram limits chats and the bot as a whole. Two throttled chats may mean the whole bot, or two impatient guests.
                    notBefore = clock.GetUtcNow() + (wait < LongestPause ? wait : LongestPause);
                }

                // The guest may have asked for another code, which takes over the row.
                var same = db.Countdowns.Where(
                    row => row.TelegramId == countdown.TelegramId && row.Code == countdown.Code && row.MessageId == countdown.MessageId);
                var next = wait > TimeSpan.Zero ? clock.GetUtcNow() + wait : NextStep(countdown.ExpiresAt, clock.GetUtcNow());
                _ = continues
                    ? await same.ExecuteUpdateAsync(row => row.SetProperty(r => r.NextAt, next), ct)
                    : await same.ExecuteDeleteAsync(ct);
            }
        }
    }

    /// <summary>Counted back from the end, so that the shown seconds fall evenly however long a step takes.</summary>
    private DateTimeOffset NextStep(DateTimeOffset end, DateTimeOffset now)
    {
        var every = options.Value.CountdownEvery;
        return end > now ? end - (every * (Math.Ceiling((end - now) / every) - 1)) : end;
    }

    private async Task<(bool Continues, TimeSpan Wait)> Step(Countdown countdown, BotAccount account, GatewayCalls gateway, CancellationToken ct)
    {
        var state = await StateOf(countdown, gateway, ct);
        var (chat, message, language) = (countdown.TelegramId.Value, (int)countdown.MessageId, countdown.Language);
        try
        {
            if (state.Status == CodeState.Live)
            {
                await account.Client.EditMessageText(
                    chat, message, PaymentCode.Text(language, countdown.Code, state.SecondsLeft), ParseMode.Html, cancellationToken: ct);
                return (true, TimeSpan.Zero);
            }

            var keyboard = state.Status == CodeState.Expired ? PaymentCode.AnotherCodeButton(language) : null;
            await account.Client.EditMessageText(
                chat, message, PaymentCode.Ended(language, state.Status, countdown.Code), ParseMode.Html, replyMarkup: keyboard, cancellationToken: ct);
            return (false, TimeSpan.Zero);
        }
        // The message has this content already or was deleted (400), or the guest blocked the bot (403).
        catch (ApiRequestException refused) when (refused.ErrorCode is 400 or 403)
        {
            return (state.Status == CodeState.Live && refused.ErrorCode == 400, TimeSpan.Zero);
        }
        catch (RequestException fault)
        {
            LogStepSkipped(fault.Message);
            var wait = TimeSpan.FromSeconds((fault as ApiRequestException)?.Parameters?.RetryAfter ?? 0);
            return (wait > TimeSpan.Zero || clock.GetUtcNow() < countdown.ExpiresAt + Patience, wait);
        }
    }

    /// <summary>Estimated by the clock while the gateway is unavailable.</summary>
    private async Task<CodeState> StateOf(Countdown countdown, GatewayCalls gateway, CancellationToken ct)
    {
        var left = (long)Math.Ceiling((countdown.ExpiresAt - clock.GetUtcNow()).TotalSeconds);
        var likely = new CodeState(left > 0 ? CodeState.Live : CodeState.Expired, Math.Max(left, 0));
        try
        {
            return await gateway.Get<CodeState>($"/api/loyalty/codes/{countdown.Code}", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.CodeUnknown))
        {
            return new CodeState(CodeState.Expired, 0);
        }
        catch (Exception fault) when (fault is GatewayUnavailableException or GatewayRefusedException)
        {
            LogStateUnknown(fault.Message);
            return likely;
        }
    }

    private sealed record CodeState(string Status, long SecondsLeft)
    {
        public const string Live = "live";
        public const string Expired = "expired";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A countdown step is skipped: {Reason}")]
    private partial void LogStepSkipped(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The state of a code is unknown: {Reason}")]
    private partial void LogStateUnknown(string reason);
}
