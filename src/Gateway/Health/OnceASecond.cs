using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.Gateway.Health;

/// <summary>
/// Whether everything is ready is open to anyone and asks every service: so the answer stands for a second, and a crowd costs no more than
/// one who asks.
/// </summary>
internal sealed class OnceASecond(HealthCheckService checks) : HealthCheckService
{
    private static readonly TimeSpan Stands = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<HealthReport>? _last;
    private long _askedAt;

    public override Task<HealthReport> CheckHealthAsync(Func<HealthCheckRegistration, bool>? predicate, CancellationToken cancellationToken = default)
    {
        // What checks nothing, or only some, is the caller's own question.
        if (predicate is not null)
        {
            return checks.CheckHealthAsync(predicate, cancellationToken);
        }

        lock (_lock)
        {
            if (_last is null || (_last.IsCompleted && Stopwatch.GetElapsedTime(_askedAt) >= Stands) || _last.IsFaulted)
            {
                _askedAt = Stopwatch.GetTimestamp();
                // The others wait for it, too, when the first has gone.
                _last = checks.CheckHealthAsync(predicate: null, CancellationToken.None);
            }

            return _last.WaitAsync(cancellationToken);
        }
    }
}
