using System.Text.Encodings.Web;
using System.Text.Json;
using Platform.Contracts;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Messages;

internal static class ShowMessage
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<int> Run(PlatformSettings settings, Guid id, Screen screen, CancellationToken ct)
    {
        await using var queues = await ErrorQueues.Connect(settings.Broker, ct);
        var found = new List<FailedMessage>();
        foreach (var service in PlatformSettings.AllServices)
        {
            found.AddRange(await queues.Peek(service, limit: null, message => message.Id == id, ct));
        }

        if (found.Count == 0)
        {
            return screen.Refuse(ExitCode.Failed, $"No failed message has the id {id}.");
        }

        foreach (var message in found)
        {
            Show(message, screen);
        }

        return screen.End(ExitCode.Done, new { outcome = "done", messages = found });
    }

    private static void Show(FailedMessage message, Screen screen)
    {
        screen.Show($"""
            service    {message.Service}
            id         {message.Id}
            type       {message.Type}
            failed at  {message.FailedAt ?? "unknown"}
            reason     {(message.Exception is null ? message.Reason : $"{message.Exception}: {message.Message}")}
            {message.StackTrace}

            {string.Join('\n', message.Headers.Select(header => $"{header.Key}: {header.Value}"))}

            {(message.Body is { } body ? JsonSerializer.Serialize(body, Readable) : "The content is not JSON.")}
            """);
    }
}
