using System.Collections.Concurrent;
using System.Diagnostics;

namespace Platform.Billing.Tests;

/// <summary>What the service sends to its database for one call.</summary>
internal static class SentStatements
{
    /// <returns>The statements, one for each round trip.</returns>
    public static async Task<IReadOnlyCollection<string>> During(Func<Task> call)
    {
        var statements = new ConcurrentQueue<string>();
        var trace = ActivityTraceId.CreateRandom();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                // Opening a connection is told of too, and has no text.
                if (activity.TraceId == trace && activity.GetTagItem("db.query.text") is string text)
                {
                    statements.Enqueue(text);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var caller = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).SetParentId(trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        caller.Start();

        await call();

        return statements;
    }
}
