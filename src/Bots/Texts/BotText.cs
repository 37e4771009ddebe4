using System.Globalization;
using System.Net;
using System.Resources;
using System.Text.RegularExpressions;
using Platform.Contracts;

namespace Platform.Bots.Texts;

/// <summary>What the bots say, from the resource files beside this class.</summary>
internal static partial class BotText
{
    public const string DefaultLanguage = "ru";

    public static readonly IReadOnlyList<string> Languages = [DefaultLanguage, "en"];

    // People who set their Telegram to one of these are likelier to read Russian than English.
    public static readonly IReadOnlySet<string> ReadRussian = new HashSet<string> { "ru", "be", "kk", "ky", "tg", "tt", "uk", "uz" };

    private static readonly ResourceManager Resources = new(typeof(BotText).Namespace + ".Texts", typeof(BotText).Assembly);

    // Written out and not taken from the culture: what separates thousands there differs between versions of its data.
    private static readonly NumberFormatInfo Russian = new() { NumberGroupSeparator = "\u00a0", NumberDecimalSeparator = "," };
    private static readonly NumberFormatInfo English = new() { NumberGroupSeparator = ",", NumberDecimalSeparator = "." };

    /// <param name="telegramLanguage">Language tag of the person's Telegram, which not every client sends.</param>
    public static string LanguageOf(string? telegramLanguage) =>
        telegramLanguage is null || ReadRussian.Contains(telegramLanguage.Split('-')[0].ToLowerInvariant()) ? DefaultLanguage : "en";

    /// <summary>HTML as Telegram takes it: the text may have tags, the values are shown as they are.</summary>
    public static string Get(string language, string key, params (string Name, object? Value)[] values) => Fill(language, key, values, Escape);

    /// <summary>For buttons, toasts and commands, which have no markup.</summary>
    public static string Plain(string language, string key, params (string Name, object? Value)[] values) => Fill(language, key, values, value => value);

    /// <summary>Whether a person has sent this text, in any of the languages: the label of a button that was shown to him once.</summary>
    public static bool Is(string key, string text) => Languages.Any(language => Plain(language, key) == text);

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>The word for a key that people have one for, such as <c>level.gold</c>; what the business added itself is shown as it named it.</summary>
    public static string Word(string language, string kind, string key) => Resources.GetString($"{kind}.{key}", CultureInfo.GetCultureInfo(language)) ?? key;

    private static string Fill(string language, string key, (string Name, object? Value)[] values, Func<string, string> escape)
    {
        var text = Resources.GetString(key, CultureInfo.GetCultureInfo(language)) ?? throw new InvalidOperationException($"There is no text '{key}'.");
        return Placeholder().Replace(text, match =>
        {
            var value = values.FirstOrDefault(value => value.Name == match.Groups[1].Value);
            return value.Name is null
                ? throw new InvalidOperationException($"The text '{key}' needs a value for {match.Value}.")
                : escape(Format(value.Value, language == DefaultLanguage ? Russian : English));
        });
    }

    private static string Format(object? value, NumberFormatInfo numbers) => value switch
    {
        Money money => money.Roubles.ToString(money.Roubles == decimal.Truncate(money.Roubles) ? "N0" : "N2", numbers),
        Points points => points.Value.ToString("N0", numbers),
        long number => number.ToString("N0", numbers),
        TimeOnly time => time.ToString("HH:mm", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture),
        null => "",
        _ => value.ToString()!,
    };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();
}
