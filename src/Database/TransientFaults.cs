using System.Data.Common;
using Polly;
using Polly.Retry;

namespace Platform.Database;

public static class TransientFaults
{
    /// <summary>Retries without limit, at most 10 s apart, so that an outage of the database sends no messages to the error queue.</summary>
    public static ResiliencePipeline RetryForever { get; } = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } fault && IsTransient(fault)),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(100),
            MaxDelay = TimeSpan.FromSeconds(10),
            UseJitter = true,
        })
        .Build();

    /// <summary>Whether the same call may succeed later unchanged: a lost connection, a restart, a deadlock.</summary>
    public static bool IsTransient(Exception fault)
    {
        for (var cause = fault; cause is not null; cause = cause.InnerException)
        {
            if (cause is DbException { IsTransient: true })
            {
                return true;
            }
        }

        return false;
    }
}
