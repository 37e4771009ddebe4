using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Database.Jobs;
using Platform.Notifications.Texts;
using Platform.ServiceDefaults.Telegram;

namespace Platform.Notifications.Delivery;

/// <summary>Works off the queue, for each bot on one replica at a time, at the pace that Telegram allows.</summary>
/// <remarks>
/// Leadership is for peace and quiet; what a bot may send, and who has taken a message, the database decides. A message is
/// called out only after it is written down as <c>sending</c>, so that a crash leaves it uncertain and never sends it twice.
/// </remarks>
internal sealed partial class SendNotifications : BackgroundService
{
    /// <summary>Calls under way at once: Telegram answers in 0.1 to 1 s, and a chat that hangs must not hold up the others.</summary>
    private const int CallsAtOnce = 32;

    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private static readonly ActivitySource Source = new("Platform.Notifications");

    private readonly TelegramSettings _telegram;
    private readonly NotificationsOptions _options;
    private readonly DeliveryQueue _queue;
    private readonly LeaderElection _election;
    private readonly TimeProvider _clock;
    private readonly ILogger<SendNotifications> _log;
    private readonly Counter<long> _calls;

    public SendNotifications(
        IOptions<TelegramSettings> telegram,
        IOptions<NotificationsOptions> options,
        DeliveryQueue queue,
        LeaderElection election,
        TimeProvider clock,
        IMeterFactory meters,
        ILogger<SendNotifications> log)
    {
        (_telegram, _options, _queue, _election, _clock, _log) = (telegram.Value, options.Value, queue, election, clock, log);
        _calls = meters.Create("Platform.Notifications").CreateCounter<long>(
            "platform.notification.calls", unit: "{call}", description: "Attempts to send a notification, by bot and by what became of them.");
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_telegram.BotsThatAreOn().Select(bot => _election.Lead($"sender-{bot.Bot}", (_, ct) => Send(bot.Bot, bot.Token, ct), stoppingToken)));

    private async Task Send(string bot, string token, CancellationToken ct)
    {
        using var channel = new TelegramChannel(token, _telegram.ApiUrl, _options.SendTimeout);
        await _queue.Register(bot);
        var calls = new List<Task<Outcome>>();
        var sweptAt = DateTimeOffset.MinValue;
        try
        {
            while (!ct.IsCancellationRequested)
            {
                try
                {
                    if (calls.Exists(call => call is { IsCompletedSuccessfully: true, Result: Outcome.TokenRefused }))
                    {
                        await WaitUntilKnown(bot, channel, ct);
                    }

                    calls.RemoveAll(call => call.IsCompleted);
                    if (_clock.GetUtcNow() - sweptAt >= SweepEvery)
                    {
                        await Sweep(bot);
                        sweptAt = _clock.GetUtcNow();
                    }

                    if (calls.Count == CallsAtOnce)
                    {
                        await Task.WhenAny(calls).WaitAsync(ct);
                    }
                    else
                    {
                        var turn = await _queue.TakeTurn(bot);
                        if (turn.Message is { } message)
                        {
                            calls.Add(Deliver(bot, channel, message));
                        }

                        await Wait(Until(turn.NextAt), ct);
                    }
                }
                catch (Exception fault) when (!ct.IsCancellationRequested)
                {
                    LogPassFailed(fault, bot);
                    await Wait(PauseAfterFailure, ct);
                }
            }
        }
        finally
        {
            // What is under way is finished before another replica may lead, and before the process ends.
            await Task.WhenAll(calls);
        }
    }

    // Not longer than it looks for work at other times: a wait that Telegram asked for may be ended by a person.
    private TimeSpan Until(DateTimeOffset? turn) => turn is { } at && at - _clock.GetUtcNow() is var left && left < _options.PollEvery
        // A timer takes whole milliseconds and cuts off the rest: woken that early, it would only be told to wait again.
        ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds))
        : _options.PollEvery;

    private Task Wait(TimeSpan time, CancellationToken ct) => time > TimeSpan.Zero ? Task.Delay(time, _clock, ct) : Task.CompletedTask;

    private async Task Sweep(string bot)
    {
        if (await _queue.GiveUpInterrupted(bot) is > 0 and var uncertain)
        {
            LogInterrupted(uncertain, bot);
        }

        if (await _queue.SuppressUnreachable(bot) is > 0 and var suppressed)
        {
            LogSuppressed(suppressed, bot);
        }
    }

    private async Task<Outcome> Deliver(string bot, TelegramChannel channel, TakenMessage message)
    {
        // Off the loop, which keeps the pace.
        await Task.Yield();
        _ = ActivityContext.TryParse(message.Traceparent, null, isRemote: true, out var cause);
        using var activity = Source.StartActivity($"send {message.Template}", ActivityKind.Producer, cause);
        activity?.SetTag("platform.bot", bot);
        activity?.SetTag("platform.notification", message.Id.Value);

        var outcome = await Call(channel, message);

        activity?.SetTag("platform.outcome", outcome.Name);
        activity?.SetStatus(outcome is Outcome.Sent ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        _calls.Add(1, new KeyValuePair<string, object?>("bot", bot), new KeyValuePair<string, object?>("outcome", outcome.Name));
        Log(bot, message, outcome);
        await Record(bot, message, outcome);
        return outcome;
    }

    private static async Task<Outcome> Call(TelegramChannel channel, TakenMessage message)
    {
        string html;
        try
        {
            using var parameters = JsonDocument.Parse(message.Parameters);
            html = NotificationText.RenderHtml(message.Template, parameters.RootElement, message.Language);
        }
        catch (Exception fault)
        {
            // A fault of ours, and the same each time: it is shown, and holds up nobody else.
            return new Outcome.Refused($"The text could not be written: {fault.Message}");
        }

        try
        {
            return await channel.Send(message.TelegramId, html);
        }
        catch (Exception fault)
        {
            return new Outcome.Uncertain(fault.Message);
        }
    }

    /// <summary>Writes down what became of a call. Without the database it is tried until it is back; a process that ends before leaves the message uncertain.</summary>
    private async Task Record(string bot, TakenMessage message, Outcome outcome)
    {
        while (true)
        {
            try
            {
                await _queue.Finish(bot, message, outcome);
                return;
            }
            catch (NpgsqlException fault)
            {
                LogNotRecorded(fault, message.Id.Value, outcome.Name);
                await Task.Delay(PauseAfterFailure, CancellationToken.None);
            }
        }
    }

    private async Task WaitUntilKnown(string bot, TelegramChannel channel, CancellationToken ct)
    {
        LogTokenRefused(bot, _options.CheckTokenEvery);
        do
        {
            await Wait(_options.CheckTokenEvery, ct);
        }
        while (!await channel.IsKnown(ct));
        LogTokenKnown(bot);
    }

    private void Log(string bot, TakenMessage message, Outcome outcome)
    {
        switch (outcome)
        {
            case Outcome.Sent:
                LogSent(message.Id.Value, bot);
                break;
            case Outcome.Refused { Error: var error }:
                LogFailed(message.Id.Value, bot, error);
                break;
            case Outcome.Blocked { Error: var error }:
                LogBlocked(message.Id.Value, bot, error);
                break;
            case Outcome.Uncertain { Error: var error }:
                LogUncertain(message.Id.Value, bot, error);
                break;
            case Outcome.TooMany { RetryAfter: var wait }:
                LogTooMany(bot, wait);
                break;
            case Outcome.Unavailable { Error: var error }:
                LogUnavailable(message.Id.Value, bot, error);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Notification {Id} was sent by {Bot}.")]
    private partial void LogSent(long id, string bot);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notification {Id} failed, {Bot} is told: {Error}")]
    private partial void LogFailed(long id, string bot, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Notification {Id} reaches nobody, {Bot} is told: {Error}")]
    private partial void LogBlocked(long id, string bot, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notification {Id} by {Bot} is uncertain, it may have arrived: {Error}")]
    private partial void LogUncertain(long id, string bot, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telegram asks {Bot} to wait {Wait} with one of its chats; after that it sends more slowly for a while.")]
    private partial void LogTooMany(string bot, TimeSpan wait);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notification {Id} could not be sent by {Bot} and is tried again: {Error}")]
    private partial void LogUnavailable(long id, string bot, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Telegram refuses the token of the bot {Bot}: nothing is sent by it. It is asked again every {Every}.")]
    private partial void LogTokenRefused(string bot, TimeSpan every);

    [LoggerMessage(Level = LogLevel.Information, Message = "Telegram takes the token of the bot {Bot} again: sending goes on.")]
    private partial void LogTokenKnown(string bot);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} notifications by {Bot} were interrupted while they were sent: they are uncertain and not sent again by themselves.")]
    private partial void LogInterrupted(int count, string bot);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} notifications for {Bot} were suppressed: nobody there to write to.")]
    private partial void LogSuppressed(int count, string bot);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending by {Bot} failed; it goes on in a second.")]
    private partial void LogPassFailed(Exception fault, string bot);

    [LoggerMessage(Level = LogLevel.Warning, Message = "That notification {Id} is {Outcome} could not be written down; it is tried again.")]
    private partial void LogNotRecorded(Exception fault, long id, string outcome);
}
