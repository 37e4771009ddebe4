using System.Collections.Concurrent;
using System.Diagnostics;

namespace Platform.Billing.Tests;

/// <summary>Records the SQL statements that the service sends during a call.</summary>
internal static class SentStatements
{
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
                // Opening a connection is also an activity, but has no text.
                if (activity.TraceId == trace && activity.GetTagItem("db.query.text") is string text)
                {
                    statements.Enqueue(text);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var caller = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C)
            .SetParentId(trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        caller.Start();

        await call();

        return statements;
    }
}
