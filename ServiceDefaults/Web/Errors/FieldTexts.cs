using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;

namespace Platform.ServiceDefaults.Web.Errors;

/// <summary>Validation messages in plain words and the caller's language. The framework's own messages name types and never reach callers.</summary>
internal static partial class FieldTexts
{
    public const string English = "en";
    public const string Russian = "ru";

    private static readonly ResourceManager Texts = new(typeof(FieldTexts).FullName!, typeof(FieldTexts).Assembly);

    /// <summary>The framework's messages, the most specific first, and the texts that replace them.</summary>
    private static readonly (Regex Message, string Key)[] FrameworkMessages =
    [
        (new(@"^The .+ field is required\.$"), "missing_or_empty"),
        (new(@"^The field .+ must be a string with a maximum length of (\d+)\.$"), "length"),
        (new(@"^The field .+ must be a string with a minimum length of (\d+) and a maximum length of (\d+)\.$"), "length_between"),
        (new(@"^The field .+ must be a string or (?:array|collection) type with a maximum length of '(\d+)'\.$"), "size_most"),
        (new(@"^The field .+ must be a string or (?:array|collection) type with a minimum length of '(\d+)'\.$"), "size_least"),
        (new(@"^The field .+ must be a string or (?:array|collection) type with a minimum length of '(\d+)' and (?:a )?maximum length of '(\d+)'\.$"), "size_between"),
        (new(@"^The field .+ must be between (\S+?)(?: exclusive)? and (\S+?)(?: exclusive)?\.$"), "range"),
        (new(@"^The field .+ must match the regular expression "), "form"),
        (new(@"^The value '.*' is not valid"), "form"),
        (new(@"^'.+' and '.+' do not match\.$"), "invalid"),
    ];

    /// <summary>Our texts, found by their English form, with the placeholders as groups.</summary>
    private static readonly (Regex English, string Key)[] OurMessages =
    [
        .. Texts.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: true)!.Cast<DictionaryEntry>()
            .Select(text => (new Regex($"^{Placeholder().Replace(Regex.Escape((string)text.Value!), "(.+)")}$"), (string)text.Key)),
    ];

    /// <summary>The first of English and Russian that <c>Accept-Language</c> names; English when it names neither.</summary>
    public static string LanguageOf(HttpRequest request) => request.GetTypedHeaders().AcceptLanguage
        .Where(language => language.Quality is not 0)
        .OrderByDescending(language => language.Quality ?? 1)
        .Select(language => language.Value.AsSpan() is { Length: >= 2 } name ? name[..2].ToString().ToLowerInvariant() : "")
        .FirstOrDefault(language => language is English or Russian) ?? English;

    public static string Get(string key, params object[] values) => string.Format(CultureInfo.InvariantCulture, Of(key, English), values);

    /// <returns>Null when there is only the English text.</returns>
    public static string? Detail(string code, string language) => Texts.GetString($"detail.{code}", CultureInfo.GetCultureInfo(language));

    public static Dictionary<string, string[]> Say(IDictionary<string, string[]> errors, string language) =>
        errors.ToDictionary(error => error.Key, error => error.Value.Select(message => Say(message, language)).Distinct().ToArray());

    /// <param name="message">A message of the framework, or one of ours in English.</param>
    public static string Say(string message, string language)
    {
        foreach (var (pattern, key) in FrameworkMessages)
        {
            if (pattern.Match(message) is { Success: true } match)
            {
                return Fill(key, match, language);
            }
        }

        var plain = Ours().Replace(message, "It must");
        if (plain.StartsWith("The field ", StringComparison.Ordinal) || FieldOf().IsMatch(plain))
        {
            return Of("invalid", language);
        }

        return language == English || OurMessages.Select(text => (Match: text.English.Match(plain), text.Key)).FirstOrDefault(found => found.Match.Success)
            is not { Match: { } ours, Key: { } known }
            ? plain
            : Fill(known, ours, language);
    }

    private static string Fill(string key, Match match, string language) =>
        string.Format(CultureInfo.InvariantCulture, Of(key, language), [.. match.Groups.Values.Skip(1).Select(group => group.Value)]);

    private static string Of(string key, string language) =>
        Texts.GetString(key, CultureInfo.GetCultureInfo(language)) ?? throw new InvalidOperationException($"There is no text '{key}'.");

    [GeneratedRegex(@"^The field \S+ must(?= )")]
    private static partial Regex Ours();

    [GeneratedRegex(@"^The \S+ field ")]
    private static partial Regex FieldOf();

    [GeneratedRegex(@"\\\{\d}")]
    private static partial Regex Placeholder();
}
