using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Database;

namespace Platform.ServiceDefaults.Web.Errors;

/// <summary>Turns whatever was thrown into a problem: the caller's mistakes with the field's name, ours with nothing of the inside.</summary>
internal sealed partial class ProblemOfException(WholeBody bodies, ILogger<ProblemOfException> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more. 499 is what proxies log for it.
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

        // The framework tells which parameter it was in the text of its message alone.
        var parameter = ParameterName().Match(refused.Message) is { Success: true } match ? match.Groups["name"].Value : null;
        return parameter switch
        {
            null => Problems.For(PlatformErrors.RequestInvalid),
            _ when MissingBody().IsMatch(refused.Message) => BodyProblems.Missing(),
            _ when refused.Message.Contains(nameof(Caller.BindAsync), StringComparison.Ordinal) => Problems.For(PlatformErrors.Unauthenticated),
            // An address whose number is no number leads to nothing.
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
        // The exception handler has taken the endpoint off the request; its feature remembers it.
        (http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint()) is RouteEndpoint endpoint
        && endpoint.RoutePattern.Parameters.Any(inRoute => string.Equals(inRoute.Name, parameter, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("""parameter "[^"]*?(?<name>\w+)"(?: |$)""")]
    private static partial Regex ParameterName();

    [GeneratedRegex("^Implicit body inferred | was not provided from body")]
    private static partial Regex MissingBody();

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request was refused with 503: the database or a service behind this one is away.")]
    private partial void LogUnavailable(Exception exception);
}
