using Platform.ServiceDefaults.Web;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Routing;

/// <summary>Says in a problem what YARP would say with an empty 502, 503 or 504. What a service answers itself passes unchanged.</summary>
internal static class UpstreamFaults
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(2);

    public static async Task AnswerWithProblem(HttpContext context, RequestDelegate next)
    {
        await next(context);

        // Nobody is left to be answered when the caller has gone.
        if (context.GetForwarderErrorFeature() is not { } fault || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        // YARP found out while it read the body, so that the length was not announced.
        var isTooLarge = context.Response.StatusCode == StatusCodes.Status413PayloadTooLarge;
        if (fault.Error is ForwarderError.RequestBodyClient && !isTooLarge)
        {
            return;
        }

        context.Response.Clear();
        var problem = fault.Error switch
        {
            ForwarderError.RequestBodyClient => Problems.For(PlatformErrors.BodyTooLarge),
            ForwarderError.RequestTimedOut => Problems.For(GatewayErrors.UpstreamTimeout),
            _ => Problems.For(GatewayErrors.ServiceUnavailable, retryAfter: TryAgainAfter),
        };
        await problem.ExecuteAsync(context);
    }
}
