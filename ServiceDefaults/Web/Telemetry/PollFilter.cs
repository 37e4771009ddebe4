using System.Diagnostics;
using OpenTelemetry;

namespace Platform.ServiceDefaults.Web.Telemetry;

/// <summary>Drops spans of polling: database calls outside a request or message, health probes, and the bots' long polls.</summary>
/// <remarks>Not a sampler: those do not know the source, and dropping calls without a parent would also drop the called service's spans.</remarks>
internal sealed class PollFilter : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        // Children of a dropped span are dropped too.
        if (data.Parent is { Recorded: false }
            || (data.ParentSpanId == default && data.Source.Name == "Npgsql"))
        {
            // Exporters send recorded spans only.
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    public static bool IsPoll(string? path) =>
        path is not null && (path.StartsWith("/health/", StringComparison.Ordinal) || path.EndsWith("/getUpdates", StringComparison.OrdinalIgnoreCase));
}
