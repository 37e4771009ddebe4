using Platform.Contracts;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Messages;

/// <summary>What an operator does with failed messages: send them again or discard them.</summary>
internal sealed record ChosenMessages(string Would, string Done, ChosenMessages.Act On)
{
    public static readonly ChosenMessages Requeue = new("would send {0} again", "sent {0} again", (queues, service, isChosen, done, ct) =>
        queues.Requeue(service, isChosen, done, ct));

    /// <summary>The only way to lose an event.</summary>
    public static readonly ChosenMessages Discard = new("would discard {0}", "discarded {0}", (queues, service, isChosen, done, ct) =>
        queues.Discard(service, isChosen, done, ct));

    public delegate Task Act(ErrorQueues queues, string service, Func<FailedMessage, bool> isChosen, Action<FailedMessage> done, CancellationToken ct);

    /// <param name="ids">Empty means all.</param>
    /// <param name="services">Empty means all.</param>
    public async Task<int> Run(PlatformSettings settings, Guid[] ids, string[] services, bool dryRun, Screen screen, CancellationToken ct)
    {
        var chosen = PlatformSettings.Chosen(services);
        await using var queues = await ErrorQueues.Connect(settings.Broker, ct);
        var found = new List<FailedMessage>();
        try
        {
            foreach (var service in chosen)
            {
                if (dryRun)
                {
                    found.AddRange(await queues.Peek(service, limit: null, IsChosen, ct));
                }
                else
                {
                    await On(queues, service, IsChosen, Note, ct);
                }
            }
        }
        finally
        {
            // Reported even after an interruption: these messages have moved.
            screen.Show((dryRun ? Would : Done).Replace("{0}", Screen.Number(found.Count), StringComparison.Ordinal));
        }

        var unknown = ids.Except(found.Select(message => message.Id)).ToList();
        foreach (var id in unknown)
        {
            screen.Say($"No failed message has the id {id}.");
        }

        var code = unknown.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        return screen.End(code, new { outcome = ExitCodes.NameOf(code), dryRun, messages = found.Select(ListMessages.Entry), unknown });

        bool IsChosen(FailedMessage message) => ids.Length == 0 || ids.Contains(message.Id);

        void Note(FailedMessage message)
        {
            found.Add(message);
            screen.Say($"{message.Service}  {message.Id}  {message.Event}");
        }
    }
}
