using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults.Web.Errors;

/// <summary>Writes every problem in one format, whatever the request's <c>Accept</c> says.</summary>
internal sealed class ProblemWriter(IOptions<JsonOptions> json) : IProblemDetailsWriter
{
    public const string Code = "code";
    public const string RetryAfter = "retryAfter";
    public const string Errors = "errors";

    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var (http, problem) = (context.HttpContext, context.ProblemDetails);
        problem.Status ??= http.Response.StatusCode;

        if (!problem.Extensions.ContainsKey(Code))
        {
            var error = problem is HttpValidationProblemDetails ? PlatformErrors.ValidationFailed : PlatformErrors.ForStatus(problem.Status.Value);
            var details = Problems.Details(error);
            (problem.Type, problem.Title, problem.Detail) = (details.Type, details.Title, details.Detail);
            foreach (var (name, value) in details.Extensions)
            {
                problem.Extensions.TryAdd(name, value);
            }
        }

        var language = FieldTexts.LanguageOf(http.Request);
        if (problem is HttpValidationProblemDetails validation)
        {
            validation.Errors = FieldTexts.Say(FieldNames.InJson(validation.Errors), language);
        }
        else if (problem.Extensions.TryGetValue(Errors, out var found) && found is IDictionary<string, string[]> errors)
        {
            problem.Extensions[Errors] = FieldTexts.Say(errors, language);
        }

        if (problem.Extensions[Code] is string code && FieldTexts.Detail(code, language) is { } detail)
        {
            problem.Detail = detail;
            http.Response.Headers.ContentLanguage = language;
        }

        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
        if (problem.Extensions.TryGetValue(RetryAfter, out var seconds))
        {
            http.Response.Headers.RetryAfter = Convert.ToString(seconds, CultureInfo.InvariantCulture);
        }

        http.Response.StatusCode = problem.Status.Value;
        // Proxies must not cache refusals.
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsJsonAsync(problem, problem.GetType(), json.Value.SerializerOptions, "application/problem+json", http.RequestAborted);
    }
}
