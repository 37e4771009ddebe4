using System.Text.Json;

namespace Platform.ServiceDefaults.Web.Errors;

/// <summary>Field names as the caller wrote them: <c>items[0].fullName</c>.</summary>
internal static class FieldNames
{
    public static Dictionary<string, string[]> InJson(IDictionary<string, string[]> errors) =>
        errors.GroupBy(error => InJson(error.Key)).ToDictionary(field => field.Key, field => field.SelectMany(error => error.Value).ToArray());

    public static string InJson(string path) => string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    /// <param name="jsonPath">A <see cref="JsonException.Path"/>: <c>$.items[0].fullName</c>, <c>$</c> for the whole body.</param>
    public static string OfJsonPath(string? jsonPath) => jsonPath switch
    {
        null or "" or "$" => "",
        _ when jsonPath.StartsWith("$.", StringComparison.Ordinal) => jsonPath[2..],
        _ => jsonPath.TrimStart('$'),
    };
}
