using System.Globalization;
using System.Net;
using System.Resources;
using System.Text.RegularExpressions;
using Platform.Contracts;

namespace Platform.Bots.Texts;

/// <summary>
/// The bots' texts, from the resource files beside this class. Placeholders: <c>{name}</c> is the value, <c>{name:points}</c> adds the
/// noun in the right form, <c>{name:wait}</c> shows seconds in the unit that people would use.
/// </summary>
internal static partial class BotText
{
    public const string DefaultLanguage = "ru";

    private const string Wait = "wait";

    public static readonly IReadOnlyList<string> Languages = [DefaultLanguage, "en"];

    // Whose speakers more often read Russian than English.
    public static readonly IReadOnlySet<string> ReadRussian = new HashSet<string> { "ru", "be", "kk", "ky", "tg", "tt", "uk", "uz" };

    private static readonly ResourceManager Resources = new(typeof(BotText).Namespace + ".Texts", typeof(BotText).Assembly);

    // Not from the culture: its group separators differ between ICU versions.
    private static readonly NumberFormatInfo Russian = new() { NumberGroupSeparator = "\u00a0", NumberDecimalSeparator = "," };
    private static readonly NumberFormatInfo English = new() { NumberGroupSeparator = ",", NumberDecimalSeparator = "." };

    /// <param name="telegramLanguage">Language tag of the person's Telegram client; some send none.</param>
    public static string LanguageOf(string? telegramLanguage) =>
        telegramLanguage is null || ReadRussian.Contains(telegramLanguage.Split('-')[0].ToLowerInvariant()) ? DefaultLanguage : "en";

    /// <summary>Telegram HTML: the text may contain tags, the values are escaped.</summary>
    public static string Get(string language, string key, params (string Name, object? Value)[] values) => Fill(language, key, values, Escape);

    /// <summary>Without markup, for buttons, toasts and commands.</summary>
    public static string Plain(string language, string key, params (string Name, object? Value)[] values) => Fill(language, key, values, value => value);

    /// <summary>
    /// Whether a person's message is this text, in any language: a pressed button's label, or its words typed without the emoji. Any
    /// item of a list matches.
    /// </summary>
    public static bool Is(string key, string text) => Languages.Any(
        language => List(language, key).Any(label => label == text || (WordsOf(label) is { Length: > 0 } words && words == WordsOf(text))));

    /// <summary>A text that is a list, such as the names of the months.</summary>
    public static IReadOnlyList<string> List(string language, string key) => Plain(language, key).Split('|');

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>The text of a key such as <c>level.gold</c>; the key itself when there is none, as for levels that the business added.</summary>
    public static string Word(string language, string kind, string key) => Resources.GetString($"{kind}.{key}", CultureInfo.GetCultureInfo(language)) ?? key;

    private static string WordsOf(string text) =>
        string.Join(' ', Words().Matches(text.ToLowerInvariant().Replace('ё', 'е')).Select(match => match.Value));

    private static string Fill(string language, string key, (string Name, object? Value)[] values, Func<string, string> escape)
    {
        var text = Resources.GetString(key, CultureInfo.GetCultureInfo(language)) ?? throw new InvalidOperationException($"There is no text '{key}'.");
        return Placeholder().Replace(text, match =>
        {
            var value = values.FirstOrDefault(value => value.Name == match.Groups[1].Value);
            return value.Name is null
                ? throw new InvalidOperationException($"The text '{key}' needs a value for {match.Value}.")
                : escape(match.Groups[2] is { Success: true, Value: var unit } ? Counted(value.Value, unit, language) : Format(value.Value, language));
        });
    }

    private static string Counted(object? value, string unit, string language)
    {
        var count = value is Points points ? points.Value : (long)value!;
        (count, unit) = unit == Wait ? Rounded(count) : (count, unit);
        return Plain(language, $"count.{unit}.{PluralOf(count, language)}", ("count", count));
    }

    // Rounded up, so that no one comes back too early.
    private static (long Count, string Unit) Rounded(long seconds) => seconds switch
    {
        <= 90 => (seconds, "seconds"),
        <= 90 * 60 => ((seconds + 59) / 60, "minutes"),
        _ => ((seconds + 3599) / 3600, "hours"),
    };

    // Russian: 1, 21, 101 балл; 2 to 4, 22 балла; 11 to 14 and the rest баллов. English: one or many.
    private static string PluralOf(long count, string language) => (count % 10, count % 100) switch
    {
        (1, not 11) when language == DefaultLanguage || count == 1 => "one",
        (>= 2 and <= 4, not (>= 12 and <= 14)) => "few",
        _ => "many",
    };

    private static string Format(object? value, string language)
    {
        var isRussian = language == DefaultLanguage;
        var numbers = isRussian ? Russian : English;
        return value switch
        {
            Money money => money.Roubles.ToString(money.Roubles == decimal.Truncate(money.Roubles) ? "N0" : "N2", numbers),
            Points points => points.Value.ToString("N0", numbers),
            long number => number.ToString("N0", numbers),
            decimal number => number.ToString("0.##", numbers),
            TimeOnly time => time.ToString("HH:mm", CultureInfo.InvariantCulture),
            // The same format as in notifications.
            DateOnly date => date.ToString(isRussian ? "dd.MM.yyyy" : "d MMMM yyyy", CultureInfo.InvariantCulture),
            null => "",
            _ => value.ToString()!,
        };
    }

    [GeneratedRegex(@"[\p{L}\p{Nd}]+")]
    private static partial Regex Words();

    [GeneratedRegex(@"\{(\w+)(?::(\w+))?\}")]
    private static partial Regex Placeholder();
}
