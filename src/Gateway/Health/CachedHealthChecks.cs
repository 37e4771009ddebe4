using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.Gateway.Health;

/// <summary>Caches the readiness report for a second: the endpoint is public, and each report asks every service.</summary>
internal sealed class CachedHealthChecks(HealthCheckService checks) : HealthCheckService
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<HealthReport>? _last;
    private long _checkedAt;

    public override Task<HealthReport> CheckHealthAsync(Func<HealthCheckRegistration, bool>? predicate, CancellationToken cancellationToken = default)
    {
        // Only the full report is cached.
        if (predicate is not null)
        {
            return checks.CheckHealthAsync(predicate, cancellationToken);
        }

        lock (_lock)
        {
            if (_last is null || (_last.IsCompleted && Stopwatch.GetElapsedTime(_checkedAt) >= Lifetime) || _last.IsFaulted)
            {
                _checkedAt = Stopwatch.GetTimestamp();
                // Not the caller's token: other callers wait for the same report.
                _last = checks.CheckHealthAsync(predicate: null, CancellationToken.None);
            }

            return _last.WaitAsync(cancellationToken);
        }
    }
}
