using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Database;

namespace Platform.Bots.Conversations;

/// <summary>Whether Telegram accepts a bot's token, and its updates arrive. Degraded at worst: the other bots keep working.</summary>
internal sealed class BotHealth(BotAccount account, UpdateInbox inbox, TimeSpan stalledAfter, TimeProvider clock) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!account.IsConnected)
        {
            return HealthCheckResult.Degraded(data: Note(account.Problem));
        }

        // A process that was down gets time to catch up.
        var polled = await inbox.GetLastPoll(account.Bot, cancellationToken);
        var since = polled is { } at && at > account.StartedAt ? at : account.StartedAt;
        return clock.GetUtcNow() - since > stalledAfter
            ? HealthCheckResult.Degraded(data: Note(string.Create(CultureInfo.InvariantCulture, $"no updates since {since.UtcDateTime:yyyy-MM-dd HH:mm} UTC")))
            : HealthCheckResult.Healthy(data: Note($"@{account.Username}"));
    }

    private static Dictionary<string, object> Note(string text) => new() { [HealthNote.Key] = text };
}
