using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Platform.ServiceDefaults.Web.Errors;

/// <summary>Problems with a request body, by the caller's field names and never by our types.</summary>
internal static partial class BodyProblems
{
    public static ProblemHttpResult Missing() =>
        Problems.For(PlatformErrors.BodyInvalid, new Dictionary<string, string[]> { [""] = [FieldTexts.Get("body_missing")] });

    public static ProblemHttpResult Of(JsonException fault) =>
        MissingIn(fault) is { Count: > 0 } missing
            ? Problems.For(PlatformErrors.ValidationFailed, missing)
            : Problems.For(PlatformErrors.BodyInvalid, new Dictionary<string, string[]> { [FieldNames.OfJsonPath(fault.Path)] = [Reason(fault)] });

    /// <returns>The missing fields; empty when the fault is another one.</returns>
    public static Dictionary<string, string[]> MissingIn(JsonException fault)
    {
        var path = FieldNames.OfJsonPath(fault.Path);
        // The serializer tells the kind of fault only in the text of its exceptions, which is never localized.
        return MissingFields().Match(fault.Message) is { Success: true } missing
            ? Quoted().Matches(missing.Groups["names"].Value).ToDictionary(
                name => path.Length == 0 ? name.Groups[1].Value : $"{path}.{name.Groups[1].Value}",
                _ => new[] { FieldTexts.Get("missing") })
            : [];
    }

    private static string Reason(JsonException fault) => fault.Message switch
    {
        _ when fault.InnerException?.GetType().Name == "JsonReaderException" || fault.GetType().Name == "JsonReaderException" =>
            FieldTexts.Get("json", fault.LineNumber + 1 ?? 1, fault.BytePositionInLine + 1 ?? 1),
        var text when text.Contains("could not be mapped to any .NET member", StringComparison.Ordinal) => FieldTexts.Get("unknown"),
        var text when text.Contains("doesn't allow null values", StringComparison.Ordinal)
            || text.Contains("doesn't support null", StringComparison.Ordinal) => FieldTexts.Get("null"),
        var text when text.StartsWith("The JSON ", StringComparison.Ordinal) || text.Contains("deserialization", StringComparison.Ordinal) =>
            FieldTexts.Get("type"),
        // Our own converters throw a text for the caller, to which the serializer appends the path.
        var text => AppendedPath().Replace(text, ""),
    };

    [GeneratedRegex("was missing required properties including: (?<names>.*)$")]
    private static partial Regex MissingFields();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@" Path: \$.*$", RegexOptions.Singleline)]
    private static partial Regex AppendedPath();
}
