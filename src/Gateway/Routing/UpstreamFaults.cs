using Platform.ServiceDefaults.Web;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Routing;

/// <summary>Answers with a problem where YARP would send an empty 502, 503 or 504. A service's own answer passes unchanged.</summary>
internal static class UpstreamFaults
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public static async Task AnswerWithProblem(HttpContext context, RequestDelegate next)
    {
        await next(context);

        // No answer is needed when the caller has gone.
        if (context.GetForwarderErrorFeature() is not { } fault || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        // YARP sets 413 when a body of unannounced length turns out too large while it is read.
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
            _ => Problems.For(GatewayErrors.ServiceUnavailable, retryAfter: RetryAfter),
        };
        await problem.ExecuteAsync(context);
    }
}
