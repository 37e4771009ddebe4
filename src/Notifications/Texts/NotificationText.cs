using System.Globalization;
using System.Resources;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Notifications.Texts;

/// <summary>Renders a notification in the language of its reader, from the resource files beside this class.</summary>
internal static partial class NotificationText
{
    /// <summary>The language of people of whom nothing is known yet, as users has it too.</summary>
    public const string DefaultLanguage = "ru";

    private static readonly ResourceManager Texts = new(typeof(NotificationText).Namespace + ".Texts", typeof(NotificationText).Assembly);

    // Written out and not taken from the culture: what separates thousands there differs between versions of its data.
    private static readonly NumberFormatInfo Russian = new() { NumberGroupSeparator = "\u00a0", NumberDecimalSeparator = "," };
    private static readonly NumberFormatInfo English = new() { NumberGroupSeparator = ",", NumberDecimalSeparator = "." };

    /// <summary>As plain text.</summary>
    /// <param name="template">Key of a text in the resource files.</param>
    /// <param name="parameters">
    /// Values of its placeholders: an object of numbers and strings (one under a name that ends in <c>On</c> is
    /// a day).
    /// </param>
    /// <param name="language"><c>ru</c> or <c>en</c>; null for a person of whom nothing is known yet.</param>
    /// <remarks>
    /// Rows outlive texts: a text that was removed shows its key and a value that was never recorded shows a dash, so that
    /// one old row does not hide a person's whole history.
    /// </remarks>
    public static string Render(string template, JsonElement parameters, string? language)
    {
        var culture = CultureInfo.GetCultureInfo(language ?? DefaultLanguage);
        var text = TextOf(template, parameters, culture) ?? template;

        return Placeholder().Replace(text, match =>
            parameters.TryGetProperty(match.Groups[1].Value, out var value) ? Format(match.Groups[1].Value, value, culture) : "—");
    }

    /// <summary>As the HTML that Telegram takes: nothing in it is markup, whatever the values are.</summary>
    public static string RenderHtml(string template, JsonElement parameters, string? language) => Render(template, parameters, language)
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    // Of what did not happen, such as points that were not spent, a text of its own says nothing: template.no_pointsSpent.
    private static string? TextOf(string template, JsonElement parameters, CultureInfo culture) => parameters.EnumerateObject()
        .Where(parameter => parameter.Value.ValueKind is JsonValueKind.Number && parameter.Value.GetDecimal() == 0)
        .Select(parameter => Texts.GetString($"{template}.no_{parameter.Name}", culture))
        .FirstOrDefault(text => text is not null) ?? Texts.GetString(template, culture);

    private static string Format(string name, JsonElement value, CultureInfo culture)
    {
        var isRussian = culture.TwoLetterISOLanguageName == "ru";
        if (value.ValueKind is JsonValueKind.Number)
        {
            // Kopecks only where there are some, as the bots write it.
            var places = value.GetDecimal() == decimal.Truncate(value.GetDecimal()) ? "N0" : "N2";
            var number = value.GetDecimal().ToString(places, isRussian ? Russian : English);
            // What is counted in words, such as daysLeft, has its forms among the texts.
            return value.TryGetInt64(out var count) && Texts.GetString($"{name}.{PluralOf(count, isRussian)}", culture) is { } words
                ? Placeholder().Replace(words, number)
                : number;
        }

        if (name.EndsWith("On", StringComparison.Ordinal) && DateOnly.TryParseExact(value.GetString(), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day.ToString(isRussian ? "dd.MM.yyyy" : "d MMMM yyyy", CultureInfo.InvariantCulture);
        }

        // A key that people have a word for, such as level.gold; what the business added itself is shown as it named it.
        var word = value.GetString()!;
        return Texts.GetString($"{name}.{word}", culture) ?? word;
    }

    // 1, 21 and 101 день, 2 to 4 and 22 дня, the rest and 11 to 14 дней; English has one and all others.
    private static string PluralOf(long count, bool isRussian) => (Math.Abs(count) % 10, Math.Abs(count) % 100) switch
    {
        (1, not 11) when isRussian || count == 1 => "one",
        (>= 2 and <= 4, not (>= 12 and <= 14)) => "few",
        _ => "many",
    };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();
}
