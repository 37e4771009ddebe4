using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Routing;

/// <summary>Tries a call that changes nothing on another replica when the first one could not be reached or broke off before it answered.</summary>
/// <remarks>
/// One more try, and never after a time-out: the caller has waited enough. Writes are not repeated here: whoever sends one
/// with an <c>Idempotency-Key</c> may repeat it himself.
/// </remarks>
internal static class AnotherReplica
{
    public static async Task Try(HttpContext context, RequestDelegate next)
    {
        var proxy = context.GetReverseProxyFeature();
        var replicas = proxy.AvailableDestinations;
        await next(context);

        var isSafe = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (!isSafe || context.Response.HasStarted || context.GetForwarderErrorFeature() is not { Error: ForwarderError.Request })
        {
            return;
        }

        var others = replicas.Where(replica => replica != proxy.ProxiedDestination).ToList();
        if (others.Count > 0)
        {
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.Clear();
            proxy.AvailableDestinations = others;
            await next(context);
        }
    }
}
