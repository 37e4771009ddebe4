using Microsoft.AspNetCore.Http.HttpResults;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>Problems of the person's side. The page has its own text for each code.</summary>
internal static class Refused
{
    public static ProblemHttpResult Because(int status, string code, string detail) =>
        TypedResults.Problem(detail, statusCode: status, extensions: [new("code", code)]);

    public static ProblemHttpResult NotFound(string code, string detail) => Because(StatusCodes.Status404NotFound, code, detail);

    public static ProblemHttpResult Conflict(string code, string detail) => Because(StatusCodes.Status409Conflict, code, detail);

    public static ProblemHttpResult BadRequest(string code, string detail) => Because(StatusCodes.Status400BadRequest, code, detail);
}
