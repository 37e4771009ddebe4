using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Platform.ServiceDefaults.Web;

namespace Platform.Gateway;

/// <summary>One line a request: caller, route, status, duration and trace.</summary>
/// <remarks>It names the route's pattern: paths hold ids and queries hold anything, so neither is logged.</remarks>
internal sealed partial class AccessLog(RequestDelegate next, ILogger<AccessLog> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var level = context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) ? LogLevel.Debug : LogLevel.Information;
            if (log.IsEnabled(level))
            {
                // The exception handler removes the endpoint from the request and stores it in its feature.
                var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
                var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "-";
                var user = UserOf(Caller.Of(context));
                // A caller that hangs up gets no answer; other gateways log 499 for it.
                var status = context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted ? 499 : context.Response.StatusCode;
                var ms = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                var traceId = Activity.Current?.TraceId.ToHexString();
                Log(level, context.Request.Method, route, status, ms, user, traceId);
            }
        }
    }

    // An unregistered person is known by their Telegram id alone, which does not belong in a log.
    private static string UserOf(Caller? caller) => caller switch
    {
        null => "-",
        { Role: Role.Guest } => "guest",
        _ => caller.Subject,
    };

    [LoggerMessage(Message = "{Method} {Route} {Status} in {Ms:0.0} ms for {User}, trace {TraceId}")]
    private partial void Log(LogLevel level, string method, string route, int status, double ms, string user, string? traceId);
}
