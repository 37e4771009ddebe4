using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Messages;

internal static class RequeueMessages
{
    /// <param name="ids">Empty for all.</param>
    /// <param name="services">Empty for all.</param>
    public static async Task<int> Run(PlatformSettings settings, Guid[] ids, string[] services, bool dryRun, Screen screen, CancellationToken ct)
    {
        var chosen = PlatformSettings.Chosen(services);
        await using var queues = await ErrorQueues.Connect(settings.Broker, ct);
        var moved = new List<FailedMessage>();
        try
        {
            foreach (var service in chosen)
            {
                if (dryRun)
                {
                    moved.AddRange(await queues.Look(service, limit: null, IsChosen, ct));
                }
                else
                {
                    await queues.Requeue(service, IsChosen, Note, ct);
                }
            }
        }
        finally
        {
            // Also when it breaks off: these have gone.
            screen.Show(dryRun ? $"would send {Screen.Number(moved.Count)} again" : $"sent {Screen.Number(moved.Count)} again");
        }

        var unknown = ids.Except(moved.Select(message => message.Id ?? Guid.Empty)).ToList();
        foreach (var id in unknown)
        {
            screen.Say($"No failed message has the id {id}.");
        }

        var code = unknown.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        return screen.End(code, new { outcome = ExitCode.NameOf(code), dryRun, messages = moved.Select(ListMessages.Entry), unknown });

        bool IsChosen(FailedMessage message) => ids.Length == 0 || (message.Id is { } id && ids.Contains(id));

        void Note(FailedMessage message)
        {
            moved.Add(message);
            screen.Say($"{message.Service}  {message.Id}  {message.Event}");
        }
    }
}
