using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.ServiceDefaults.Web.Health;

namespace Platform.Bots.Conversations;

/// <summary>
/// Tells of one bot what Telegram says of its token. A bot that Telegram does not know is no reason to take the process out:
/// the other bots go on.
/// </summary>
internal sealed class BotHealth(BotAccount account) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(account.IsKnown
            ? HealthCheckResult.Healthy(data: Note($"@{account.Username}"))
            : HealthCheckResult.Degraded(data: Note(account.Trouble)));

    private static Dictionary<string, object> Note(string text) => new() { [HealthEndpoints.Note] = text };
}
