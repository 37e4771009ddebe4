using Platform.Contracts;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Messages;

internal static class ListMessages
{
    public static async Task<int> Run(PlatformSettings settings, string[] services, uint limit, Screen screen, CancellationToken ct)
    {
        var chosen = PlatformSettings.Chosen(services);
        await using var queues = await ErrorQueues.Connect(settings.Broker, ct);
        var counts = new Dictionary<string, uint>();
        var messages = new List<FailedMessage>();
        foreach (var service in chosen)
        {
            counts[service] = await queues.Count(service, ct);
            messages.AddRange(await queues.Peek(service, limit, _ => true, ct));
        }

        screen.Show(messages);
        if (counts.Values.Sum(count => count) > messages.Count)
        {
            screen.Say($"Showing the oldest {Screen.Number(messages.Count)} of {Screen.Number(counts.Values.Sum(count => count))}. Use --limit to see more.");
        }

        return screen.End(ExitCode.Done, new { outcome = "done", counts, messages = messages.Select(Entry) });
    }

    /// <summary>An entry of the list, without personal data.</summary>
    public static object Entry(FailedMessage message) =>
        new { message.Service, message.Kind, message.Id, message.Type, message.FailedAt, message.Exception, message.Message };

    public static void Show(this Screen screen, IReadOnlyList<FailedMessage> messages)
    {
        if (messages.Count == 0)
        {
            screen.Show("no failed messages");
            return;
        }

        foreach (var message in messages)
        {
            screen.Show($"""
                {message.Id}  {message.Service}  {message.Event}  {message.FailedAt ?? message.Kind.ToString().ToLowerInvariant()}
                    {message.Reason}
                """);
        }
    }
}
