using Npgsql;
using Platform.Contracts;

namespace Platform.Database;

/// <summary>Retries an operation that did not get its lock, with growing pauses and jitter.</summary>
internal sealed record LockRetries
{
    public static LockRetries Default { get; } = new();

    /// <summary>60 attempts with the pauses below take about three minutes.</summary>
    public int Tries { get; init; } = 60;

    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(4);

    public Task Run(Func<Task> attempt, Action<int> report, CancellationToken ct) => Run<object?>(
        async () =>
        {
            await attempt();
            return null;
        },
        report, ct);

    /// <param name="attempt">Must leave nothing behind when it fails.</param>
    /// <param name="report">Called with the number of each failed attempt.</param>
    /// <exception cref="LockNotGrantedException">All attempts failed.</exception>
    public async Task<T> Run<T>(Func<Task<T>> attempt, Action<int> report, CancellationToken ct)
    {
        for (var number = 1; ; number++)
        {
            try
            {
                return await attempt();
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                if (number >= Tries)
                {
                    throw new LockNotGrantedException(number, e);
                }

                report(number);
            }

            var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(number - 1, 20)));
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), ct);
        }
    }
}

internal sealed class LockNotGrantedException(int tries, PostgresException fault)
    : VerbFailedException(
        $"A lock was not granted within 500 ms in {tries} attempts: a long transaction holds the table. {fault.MessageText}", ExitCode.Busy, fault);
