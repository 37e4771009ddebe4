using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Database.Jobs;
using Platform.Notifications.Texts;
using Platform.ServiceDefaults.Telegram;

namespace Platform.Notifications.Delivery;

/// <summary>Sends queued notifications, for each bot on one replica at a time, at the rate that Telegram allows.</summary>
/// <remarks>
/// Leadership only saves work: the database enforces the rate and decides who has taken a message. A message is recorded as
/// <c>sending</c> before the call, so that a crash leaves it uncertain and never sends it twice.
/// </remarks>
internal sealed partial class SendNotifications : BackgroundService
{
    /// <summary>Telegram answers in 0.1 to 1 s, and a chat that hangs must not delay the others.</summary>
    private const int MaxConcurrentCalls = 32;

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
            "platform.notification.calls", unit: "{call}", description: "Attempts to send a notification, by bot and outcome.");
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_telegram.EnabledBots().Select(bot => _election.Lead($"sender-{bot.Bot}", (_, ct) => Send(bot.Bot, bot.Token, ct), stoppingToken)));

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
                        await WaitUntilTokenIsAccepted(bot, channel, ct);
                    }

                    calls.RemoveAll(call => call.IsCompleted);
                    if (_clock.GetUtcNow() - sweptAt >= SweepEvery)
                    {
                        await Sweep(bot);
                        sweptAt = _clock.GetUtcNow();
                    }

                    if (calls.Count == MaxConcurrentCalls)
                    {
                        await Task.WhenAny(calls).WaitAsync(ct);
                    }
                    else
                    {
                        var next = await _queue.TakeNext(bot);
                        if (next.Message is { } message)
                        {
                            calls.Add(Deliver(bot, channel, message));
                        }

                        await Wait(Until(next.NextAt), ct);
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
            // Finish calls in flight before another replica may lead and before the process ends.
            await Task.WhenAll(calls);
        }
    }

    // Never longer than the poll interval: an operator may shorten a wait that Telegram asked for.
    private TimeSpan Until(DateTimeOffset? nextAt) => nextAt is { } at && at - _clock.GetUtcNow() is var left && left < _options.PollEvery
        // Timers truncate to whole milliseconds; rounding up avoids waking just too early.
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

        if (await _queue.SuppressUnwanted(bot) is > 0 and var unwanted)
        {
            LogUnwanted(unwanted, bot);
        }
    }

    private async Task<Outcome> Deliver(string bot, TelegramChannel channel, TakenMessage message)
    {
        // Yield immediately: the loop must not wait for this call.
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
            // A bug that a retry would not fix: record it and go on with the others.
            return new Outcome.Refused($"The text could not be rendered: {fault.Message}");
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

    /// <summary>Records the outcome, retrying until the database is back. If the process ends before that, the message becomes uncertain.</summary>
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

    private async Task WaitUntilTokenIsAccepted(string bot, TelegramChannel channel, CancellationToken ct)
    {
        LogTokenRefused(bot, _options.CheckTokenEvery);
        do
        {
            await Wait(_options.CheckTokenEvery, ct);
        }
        while (!await channel.AcceptsToken(ct));
        LogTokenAccepted(bot);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notification {Id} by {Bot} failed: {Error}")]
    private partial void LogFailed(long id, string bot, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Notification {Id} by {Bot} failed, the person has blocked the bot: {Error}")]
    private partial void LogBlocked(long id, string bot, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notification {Id} by {Bot} is uncertain and may have arrived: {Error}")]
    private partial void LogUncertain(long id, string bot, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telegram limits a chat of {Bot} for {Wait}. Sending slows down for a while after that.")]
    private partial void LogTooMany(string bot, TimeSpan wait);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notification {Id} could not be sent by {Bot} and will be retried: {Error}")]
    private partial void LogUnavailable(long id, string bot, string error);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Telegram refuses the token of the bot {Bot}: it sends nothing. The token is checked again every {Every}.")]
    private partial void LogTokenRefused(string bot, TimeSpan every);

    [LoggerMessage(Level = LogLevel.Information, Message = "Telegram accepts the token of the bot {Bot} again. Sending continues.")]
    private partial void LogTokenAccepted(string bot);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Count} notifications by {Bot} were interrupted while being sent. They are uncertain and will not be resent automatically.")]
    private partial void LogInterrupted(int count, string bot);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} notifications for {Bot} were suppressed: no bot can write to the person.")]
    private partial void LogSuppressed(int count, string bot);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} notifications for {Bot} were suppressed: the person does not want such messages.")]
    private partial void LogUnwanted(int count, string bot);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending by {Bot} failed. It continues in a second.")]
    private partial void LogPassFailed(Exception fault, string bot);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outcome of notification {Id}, {Outcome}, could not be recorded and will be retried.")]
    private partial void LogNotRecorded(Exception fault, long id, string outcome);
}
