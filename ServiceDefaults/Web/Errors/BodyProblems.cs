using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Platform.ServiceDefaults.Web.Errors;

/// <summary>What is wrong with a body, in the caller's own words: his field names, never our types.</summary>
internal static partial class BodyProblems
{
    private static readonly string[] IsMissing = ["It is missing."];

    public static ProblemHttpResult Missing() =>
        Problems.For(PlatformErrors.BodyInvalid, new Dictionary<string, string[]> { [""] = ["The body is missing."] });

    public static ProblemHttpResult Of(JsonException fault)
    {
        var path = FieldNames.OfJsonPath(fault.Path);
        // The serializer's exceptions carry the kind of the fault in their English text alone; it is not localized.
        if (MissingFields().Match(fault.Message) is { Success: true } missing)
        {
            return Problems.For(PlatformErrors.ValidationFailed, Quoted().Matches(missing.Groups["names"].Value).ToDictionary(
                name => path.Length == 0 ? name.Groups[1].Value : $"{path}.{name.Groups[1].Value}",
                _ => IsMissing));
        }

        return Problems.For(PlatformErrors.BodyInvalid, new Dictionary<string, string[]> { [path] = [Reason(fault)] });
    }

    private static string Reason(JsonException fault) => fault.Message switch
    {
        _ when fault.InnerException?.GetType().Name == "JsonReaderException" || fault.GetType().Name == "JsonReaderException" =>
            $"It is not well-formed JSON, at line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}.",
        var text when text.Contains("could not be mapped to any .NET member", StringComparison.Ordinal) => "There is no such field.",
        var text when text.Contains("doesn't allow null values", StringComparison.Ordinal)
            || text.Contains("doesn't support null", StringComparison.Ordinal) => "It may not be null.",
        var text when text.StartsWith("The JSON ", StringComparison.Ordinal) || text.Contains("deserialization", StringComparison.Ordinal) =>
            "It does not have the type that this field takes.",
        // Our own converters say it in a sentence for the caller, to which the serializer appends the path.
        var text => AppendedPath().Replace(text, ""),
    };

    [GeneratedRegex("was missing required properties including: (?<names>.*)$")]
    private static partial Regex MissingFields();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@" Path: \$.*$", RegexOptions.Singleline)]
    private static partial Regex AppendedPath();
}
