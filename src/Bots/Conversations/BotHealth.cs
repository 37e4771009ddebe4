using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Database;

namespace Platform.Bots.Conversations;

/// <summary>
/// Tells of one bot what Telegram says of its token, and whether its updates move on: on whichever replica they are fetched. A bot that
/// is silent is no reason to take the process out: the other bots go on.
/// </summary>
internal sealed class BotHealth(BotAccount account, UpdateInbox inbox, TimeSpan stalledAfter, TimeProvider clock) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!account.IsKnown)
        {
            return HealthCheckResult.Degraded(data: Note(account.Trouble));
        }

        // A process that was down is given time to take up what came meanwhile.
        var moved = await inbox.MovedAt(account.Bot, cancellationToken);
        var since = moved is { } at && at > account.StartedAt ? at : account.StartedAt;
        return clock.GetUtcNow() - since > stalledAfter
            ? HealthCheckResult.Degraded(data: Note(string.Create(CultureInfo.InvariantCulture, $"no updates are taken since {since.UtcDateTime:yyyy-MM-dd HH:mm} UTC")))
            : HealthCheckResult.Healthy(data: Note($"@{account.Username}"));
    }

    private static Dictionary<string, object> Note(string text) => new() { [HealthNote.Key] = text };
}
