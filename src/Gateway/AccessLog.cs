using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Platform.ServiceDefaults.Web;

namespace Platform.Gateway;

/// <summary>
/// One line a request: who, which route, how it ended, how long it took, and its trace. The route is its pattern: paths
/// hold ids, queries hold anything, so neither is written down.
/// </summary>
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
                // The handler of faults takes the endpoint off the request and keeps it.
                var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
                var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "-";
                var user = UserOf(Caller.Of(context));
                // A caller who hangs up gets no answer; 499 is what other gateways write for it.
                var status = context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted ? 499 : context.Response.StatusCode;
                var ms = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                var traceId = Activity.Current?.TraceId.ToHexString();
                Log(level, context.Request.Method, route, status, ms, user, traceId);
            }
        }
    }

    // Somebody who is not registered is known by his Telegram id alone, and that is nothing for a log.
    private static string UserOf(Caller? caller) => caller switch
    {
        null => "-",
        { Role: Role.Guest } => "guest",
        _ => caller.Subject,
    };

    [LoggerMessage(Message = "{Method} {Route} {Status} in {Ms:0.0} ms for {User}, trace {TraceId}")]
    private partial void Log(LogLevel level, string method, string route, int status, double ms, string user, string? traceId);
}
