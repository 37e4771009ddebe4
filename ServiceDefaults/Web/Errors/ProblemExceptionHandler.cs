using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Database;

namespace Platform.ServiceDefaults.Web.Errors;

/// <summary>Turns exceptions into problems: the caller's mistakes with the field's name, ours without internal details.</summary>
internal sealed partial class ProblemExceptionHandler(BodyRevalidation bodies, ILogger<ProblemExceptionHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            // The client has gone. 499 is what proxies log for it.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var problem = exception is BadHttpRequestException { InnerException: JsonException fault } && BodyProblems.MissingIn(fault) is { Count: > 0 } missing
            ? Problems.For(PlatformErrors.ValidationFailed, await bodies.Errors(httpContext, missing))
            : ProblemOf(exception, httpContext);
        await problem.ExecuteAsync(httpContext);
        return true;
    }

    private ProblemHttpResult ProblemOf(Exception exception, HttpContext http)
    {
        switch (exception)
        {
            case InvalidIdempotencyKeyException:
                return Problems.For(PlatformErrors.IdempotencyKeyInvalid);
            case BadHttpRequestException refused:
                return ProblemOf(refused, http);
            case DbUpdateConcurrencyException:
                return Problems.For(PlatformErrors.Conflict);
            case var _ when TransientFaults.IsTransient(exception):
                LogUnavailable(exception);
                return Problems.For(PlatformErrors.Unavailable);
            default:
                LogFailed(exception);
                return Problems.For(PlatformErrors.InternalError);
        }
    }

    private static ProblemHttpResult ProblemOf(BadHttpRequestException refused, HttpContext http)
    {
        if (refused.StatusCode != StatusCodes.Status400BadRequest)
        {
            return Problems.For(PlatformErrors.ForStatus(refused.StatusCode));
        }

        if (refused.InnerException is JsonException json)
        {
            return BodyProblems.Of(json);
        }

        // The framework names the parameter only in the text of its message.
        var parameter = ParameterName().Match(refused.Message) is { Success: true } match ? match.Groups["name"].Value : null;
        return parameter switch
        {
            null => Problems.For(PlatformErrors.RequestInvalid),
            _ when MissingBody().IsMatch(refused.Message) => BodyProblems.Missing(),
            _ when refused.Message.Contains(nameof(Caller.BindAsync), StringComparison.Ordinal) => Problems.For(PlatformErrors.Unauthenticated),
            // A malformed id in the address names nothing.
            _ when InRoute(parameter, http) => Problems.For(PlatformErrors.NotFound),
            _ => Problems.For(PlatformErrors.ValidationFailed, new Dictionary<string, string[]>
            {
                [parameter] = [refused.Message.StartsWith("Required", StringComparison.Ordinal)
                    ? FieldTexts.Get("missing")
                    : FieldTexts.Get("form")],
            }),
        };
    }

    private static bool InRoute(string parameter, HttpContext http) =>
        // The exception handler middleware removes the endpoint from the request and keeps it in its feature.
        (http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint()) is RouteEndpoint endpoint
        && endpoint.RoutePattern.Parameters.Any(inRoute => string.Equals(inRoute.Name, parameter, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("""parameter "[^"]*?(?<name>\w+)"(?: |$)""")]
    private static partial Regex ParameterName();

    [GeneratedRegex("^Implicit body inferred | was not provided from body")]
    private static partial Regex MissingBody();

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request was refused with 503: the database or another service is unavailable.")]
    private partial void LogUnavailable(Exception exception);
}
