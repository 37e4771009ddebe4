using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Database;

namespace Platform.ServiceDefaults.Web.Health;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can work. A failed optional part is <c>degraded</c>, still 200.</summary>
internal static class HealthEndpoints
{
    internal static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = Write }).DisableHttpMetrics();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = Write }).DisableHttpMetrics();
    }

    // No descriptions: they may contain an address or the text of an exception.
    private static Task Write(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new Report(Word(report.Status), [.. report.Entries.Select(entry =>
            new Check(entry.Key, Word(entry.Value.Status), Math.Round(entry.Value.Duration.TotalMilliseconds, 1),
                entry.Value.Data.GetValueOrDefault(HealthNote.Key) as string))]),
        context.RequestAborted);

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };

    private sealed record Report(string Status, IReadOnlyList<Check> Checks);

    private sealed record Check(
        string Name, string Status, double Ms, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note);
}

internal sealed class RevokedUsersLoadedCheck(RevokedUsers revoked) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(revoked.IsLoaded ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
}
