using System.Diagnostics;
using OpenTelemetry;

namespace Platform.ServiceDefaults.Web.Telemetry;

/// <summary>
/// Leaves out database calls with no request or message around them: those are the loops that look for work, several a
/// second in each process, and no trace of anything. Leaves out, too, the probes of other processes' health.
/// </summary>
/// <remarks>
/// Not a sampler: it does not learn the source, and a sampler that drops every outgoing call without a parent drops with it
/// whatever the called service does.
/// </remarks>
internal sealed class LeaveOutPolls : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if ((data.ParentSpanId == default && data.Source.Name == "Npgsql")
            || (data.Source.Name == "System.Net.Http"
                && data.GetTagItem("url.full") is string address
                && address.Contains("/health/", StringComparison.Ordinal)))
        {
            // Exporters take recorded spans only.
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
