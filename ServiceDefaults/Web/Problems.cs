using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Platform.Contracts;
using Platform.ServiceDefaults.Web.Errors;

namespace Platform.ServiceDefaults.Web;

/// <summary>Refusals as RFC 9457 problem details.</summary>
public static class Problems
{
    /// <param name="extensions">Additional members of the problem in camelCase, such as <c>maxPoints</c>.</param>
    /// <param name="retryAfter">Sent as <c>Retry-After</c>, rounded up to whole seconds. The default for a 503 is one second.</param>
    public static ProblemHttpResult For(ErrorCode error, IReadOnlyDictionary<string, object?>? extensions = null, TimeSpan? retryAfter = null) =>
        TypedResults.Problem(Details(error, extensions, retryAfter));

    internal static ProblemHttpResult For(ErrorCode error, IDictionary<string, string[]> errors)
    {
        var problem = Details(error);
        problem.Extensions[ProblemWriter.Errors] = errors;
        return TypedResults.Problem(problem);
    }

    internal static ProblemDetails Details(ErrorCode error, IReadOnlyDictionary<string, object?>? extensions = null, TimeSpan? retryAfter = null)
    {
        var problem = new ProblemDetails
        {
            Type = TypeOf(error.Code),
            Title = ReasonPhrases.GetReasonPhrase(error.Status),
            Status = error.Status,
            Detail = error.Detail,
            Extensions = { [ProblemWriter.Code] = error.Code },
        };
        foreach (var (name, value) in extensions ?? new Dictionary<string, object?>())
        {
            problem.Extensions[name] = value;
        }

        if (retryAfter is null && error.Status == StatusCodes.Status503ServiceUnavailable)
        {
            retryAfter = TimeSpan.FromSeconds(1);
        }

        if (retryAfter is { } wait)
        {
            problem.Extensions[ProblemWriter.RetryAfter] = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
        }

        return problem;
    }

    internal static string TypeOf(string code) => $"urn:platform:problem:{code}";
}
