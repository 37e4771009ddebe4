using System.Diagnostics;
using OpenTelemetry;

namespace Platform.ServiceDefaults.Web.Telemetry;

/// <summary>
/// Leaves out database calls with no request or message around them: those are the loops that look for work, several a
/// second in each process, and no trace of anything. Leaves out, too, what belongs to a probe of a process's health, or to the bots'
/// waiting for updates: what comes of one has a trace of its own.
/// </summary>
/// <remarks>
/// Not a sampler: it does not learn the source, and a sampler that drops every outgoing call without a parent drops with it
/// whatever the called service does.
/// </remarks>
internal sealed class LeaveOutPolls : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        // What belongs to something that is left out is left out with it.
        if (data.Parent is { Recorded: false }
            || (data.ParentSpanId == default && data.Source.Name == "Npgsql"))
        {
            // Exporters take recorded spans only.
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    /// <summary>Whether a request for this path is a probe, or waits for updates.</summary>
    public static bool IsPoll(string? path) =>
        path is not null && (path.StartsWith("/health/", StringComparison.Ordinal) || path.EndsWith("/getUpdates", StringComparison.OrdinalIgnoreCase));
}
