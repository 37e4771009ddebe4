using Platform.Contracts;

namespace Platform.Gateway;

/// <summary>Problems of the gateway itself. Problems from services pass through unchanged.</summary>
internal static class GatewayErrors
{
    public static readonly ErrorCode ServiceUnavailable = new("service_unavailable", 503,
        "This part of the platform is unavailable. Try again after the time in Retry-After.");

    public static readonly ErrorCode ExportIncomplete = new("export_incomplete", 503,
        "Some services did not answer; they are listed in missing. Try again after the time in Retry-After.");

    public static readonly ErrorCode UpstreamTimeout = new("upstream_timeout", 504,
        "This part of the platform did not answer in time. Repeat a read; repeat a write only with the same Idempotency-Key.");
}
