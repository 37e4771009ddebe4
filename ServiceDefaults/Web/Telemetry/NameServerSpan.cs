using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Platform.ServiceDefaults.Web.Telemetry;

/// <summary>Names the span of a request after its route, <c>GET /api/users/{id}</c>, and gives it the tags of OpenTelemetry's conventions.</summary>
internal static class NameServerSpan
{
    private static readonly object Key = new();

    /// <summary>Goes first, so that it sees the status that was sent in the end.</summary>
    public static async Task Around(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { } span)
        {
            await next(context);
            return;
        }

        if (context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal))
        {
            // Neither it nor what it calls: the calls follow their parent's decision.
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            await next(context);
            return;
        }

        var method = context.Request.Method;
        span.DisplayName = method;
        span.SetTag("http.request.method", method);
        span.SetTag("url.scheme", context.Request.Scheme);
        span.SetTag("server.address", context.Request.Host.Host);
        span.SetTag("server.port", context.Request.Host.Port);
        context.Items[Key] = span;
        try
        {
            await next(context);
        }
        finally
        {
            span.SetTag("http.response.status_code", context.Response.StatusCode);
            if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            {
                span.SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    /// <summary>Goes right after routing: a request that fails has lost its endpoint by the time it is answered.</summary>
    public static Task AfterRouting(HttpContext context, RequestDelegate next)
    {
        if (context.Items[Key] is Activity span && context.GetEndpoint() is RouteEndpoint endpoint)
        {
            var route = $"/{endpoint.RoutePattern.RawText?.TrimStart('/')}";
            span.DisplayName = $"{context.Request.Method} {route}";
            span.SetTag("http.route", route);
        }

        return next(context);
    }
}
