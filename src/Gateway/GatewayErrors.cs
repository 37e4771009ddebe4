using Platform.Contracts;

namespace Platform.Gateway;

/// <summary>What the gateway itself refuses; every other problem is a service's own and passes unchanged.</summary>
internal static class GatewayErrors
{
    public static readonly ErrorCode ServiceUnavailable = new("service_unavailable", 503,
        "This part of the platform cannot be reached at the moment. Try again as Retry-After says.");

    public static readonly ErrorCode ExportIncomplete = new("export_incomplete", 503,
        "Not every service could be asked what it holds: see missing. Try again as Retry-After says.");

    public static readonly ErrorCode UpstreamTimeout = new("upstream_timeout", 504,
        "This part of the platform did not answer in time. A read can be repeated; a write only with its Idempotency-Key.");
}
