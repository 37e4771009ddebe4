using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Routing;

/// <summary>Retries a read once on another replica when the first could not be reached or broke off before it answered.</summary>
/// <remarks>
/// Not after a time-out: the caller has waited long enough. Writes are not retried here; the caller may repeat one that has
/// an <c>Idempotency-Key</c>.
/// </remarks>
internal static class ReadRetry
{
    public static async Task Invoke(HttpContext context, RequestDelegate next)
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
