using System.Text.Json;
using Platform.Sandbox.Telegram.Bots;

namespace Platform.Sandbox.Telegram.BotApi.Methods;

/// <summary>Long polling: waits for updates or the time-out. Those before the offset are confirmed and removed, others returned again.</summary>
internal static class GetUpdates
{
    private const int MaxTimeout = 50;
    private const int MaxLimit = 100;

    public static async Task<BotAnswer> Handle(BotCall call, CancellationToken ct)
    {
        var (parameters, queue) = (call.Parameters, call.Bot.Updates);
        var limit = parameters.Int("limit", MaxLimit, 1, MaxLimit);
        var timeout = TimeSpan.FromSeconds(parameters.Int("timeout", 0, 0, MaxTimeout));

        LongPoll poll;
        lock (call.Messenger.Lock)
        {
            if (call.Bot.Webhook is not null)
            {
                return Refusals.HasWebhook;
            }

            if (AllowedUpdates.Read(parameters, out var kinds) is { } refusal)
            {
                return refusal;
            }

            if (kinds is not null)
            {
                queue.Allow(kinds);
            }

            queue.ConfirmBefore(parameters.Int("offset", 0));
            poll = queue.BeginPoll();
        }

        try
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var timeIsUp = Task.Delay(timeout, waiting.Token);
            while (true)
            {
                Task added;
                lock (call.Messenger.Lock)
                {
                    if (poll.Ended.IsCompletedSuccessfully)
                    {
                        return poll.Ended.Result;
                    }

                    added = queue.Added.Next;
                    if (queue.Count > 0 || timeIsUp.IsCompleted)
                    {
                        return BotAnswer.Of(queue.Take(limit));
                    }
                }

                await Task.WhenAny(added, timeIsUp, poll.Ended);
                if (timeIsUp.IsCompleted || poll.Ended.IsCompleted)
                {
                    await waiting.CancelAsync();
                }
            }
        }
        finally
        {
            lock (call.Messenger.Lock)
            {
                queue.EndPoll(poll);
            }
        }
    }
}

/// <summary>The kinds of updates that a bot wants, as in <c>getUpdates</c> and <c>setWebhook</c>.</summary>
internal static class AllowedUpdates
{
    /// <param name="kinds">Null if not given: the last choice stays.</param>
    public static Refusal? Read(Parameters parameters, out IReadOnlyList<string>? kinds)
    {
        kinds = null;
        if (parameters.Text("allowed_updates") is not { } json)
        {
            return null;
        }

        try
        {
            kinds = JsonSerializer.Deserialize<List<string>>(json, Wire.Json);
            return null;
        }
        catch (JsonException)
        {
            return Refusal.BadRequest("can't parse allowed_updates JSON object");
        }
    }
}
