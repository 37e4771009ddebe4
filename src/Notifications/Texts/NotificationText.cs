using System.Globalization;
using System.Resources;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Notifications.Texts;

/// <summary>Renders a notification in the language of its reader, from the resource files beside this class.</summary>
internal static partial class NotificationText
{
    /// <summary>Language of people who are not known here yet. The same as in Users.</summary>
    public const string DefaultLanguage = "ru";

    private static readonly ResourceManager Texts = new(typeof(NotificationText).Namespace + ".Texts", typeof(NotificationText).Assembly);

    // Not taken from the culture, because its thousands separator differs between ICU versions.
    private static readonly NumberFormatInfo Russian = new() { NumberGroupSeparator = "\u00a0", NumberDecimalSeparator = "," };
    private static readonly NumberFormatInfo English = new() { NumberGroupSeparator = ",", NumberDecimalSeparator = "." };

    /// <summary>As plain text.</summary>
    /// <param name="template">Key of a text in the resource files.</param>
    /// <param name="parameters">Values of its placeholders: an object of numbers and strings. A name that ends in <c>On</c> is a date.</param>
    /// <param name="language"><c>ru</c> or <c>en</c>; null for a person who is not known here yet.</param>
    /// <remarks>
    /// Rows outlive texts: a removed text shows its key and a missing value shows a dash, so that one old row does not hide the rest of a
    /// person's history.
    /// </remarks>
    public static string Render(string template, JsonElement parameters, string? language)
    {
        var culture = CultureInfo.GetCultureInfo(language ?? DefaultLanguage);
        var text = TextOf(template, parameters, culture) ?? template;

        return Placeholder().Replace(text, match =>
            parameters.TryGetProperty(match.Groups[1].Value, out var value) ? Format(match.Groups[1].Value, value, culture) : "—");
    }

    /// <summary>As Telegram's HTML, with everything escaped.</summary>
    public static string RenderHtml(string template, JsonElement parameters, string? language) => Render(template, parameters, language)
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    // A value that is zero or missing may select a text without it, such as order_placed.no_pointsSpent.
    private static string? TextOf(string template, JsonElement parameters, CultureInfo culture)
    {
        var text = Texts.GetString(template, culture);
        return Placeholder().Matches(text ?? "")
            .Select(placeholder => placeholder.Groups[1].Value)
            .Where(name => IsNothing(parameters, name))
            .Select(name => Texts.GetString($"{template}.no_{name}", culture))
            .FirstOrDefault(shorter => shorter is not null) ?? text;
    }

    private static bool IsNothing(JsonElement parameters, string name) =>
        !parameters.TryGetProperty(name, out var value) || (value.ValueKind is JsonValueKind.Number && value.GetDecimal() == 0);

    private static string Format(string name, JsonElement value, CultureInfo culture)
    {
        var isRussian = culture.TwoLetterISOLanguageName == "ru";
        if (value.ValueKind is JsonValueKind.Number)
        {
            // Kopecks are shown only if there are any, as in the bots.
            var places = value.GetDecimal() == decimal.Truncate(value.GetDecimal()) ? "N0" : "N2";
            var number = value.GetDecimal().ToString(places, isRussian ? Russian : English);
            // Plural forms, such as daysLeft.one, are resources.
            return value.TryGetInt64(out var count) && Texts.GetString($"{name}.{PluralOf(count, isRussian)}", culture) is { } words
                ? Placeholder().Replace(words, number)
                : number;
        }

        if (name.EndsWith("On", StringComparison.Ordinal)
            && DateOnly.TryParseExact(value.GetString(), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day.ToString(isRussian ? "dd.MM.yyyy" : "d MMMM yyyy", CultureInfo.InvariantCulture);
        }

        // A key may have a translation, such as level.gold. Names that the business added are shown as they are.
        var word = value.GetString()!;
        return Texts.GetString($"{name}.{word}", culture) ?? word;
    }

    // Russian: день for 1, 21, 101; дня for 2 to 4 and 22 to 24; дней for the rest and 11 to 14. English: 1 and the rest.
    private static string PluralOf(long count, bool isRussian) => (Math.Abs(count) % 10, Math.Abs(count) % 100) switch
    {
        (1, not 11) when isRussian || count == 1 => "one",
        (>= 2 and <= 4, not (>= 12 and <= 14)) => "few",
        _ => "many",
    };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();
}
