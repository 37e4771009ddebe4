using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Platform.Contracts;

namespace Platform.Loyalty.Texts;

/// <summary>Sentences for guests and staff, from the resource files beside this class.</summary>
internal static partial class LoyaltyText
{
    private const string RussianCode = "ru";

    private static readonly ResourceManager Texts = new(typeof(LoyaltyText).Namespace + ".Texts", typeof(LoyaltyText).Assembly);

    // Not taken from the culture, because its thousands separator differs between ICU versions.
    private static readonly NumberFormatInfo Russian = new() { NumberGroupSeparator = "\u00a0", NumberDecimalSeparator = "," };
    private static readonly NumberFormatInfo English = new() { NumberGroupSeparator = ",", NumberDecimalSeparator = "." };

    /// <param name="language"><c>ru</c> or <c>en</c>.</param>
    /// <param name="values">Values of the text's placeholders. Points are written with their unit.</param>
    public static string Get(string key, string language, params (string Name, object Value)[] values)
    {
        var text = Texts.GetString(key, CultureInfo.GetCultureInfo(language)) ?? throw new InvalidOperationException($"There is no text '{key}'.");
        return Placeholder().Replace(text, match =>
        {
            var value = values.FirstOrDefault(value => value.Name == match.Groups[1].Value).Value
                ?? throw new InvalidOperationException($"The text '{key}' needs a value for {match.Value}.");
            return Format(value, language);
        });
    }

    /// <summary><c>1 месяц</c>, <c>2 месяца</c>, <c>5 месяцев</c>.</summary>
    /// <param name="unit">Key of a text that has the forms <c>one</c>, <c>few</c> and <c>many</c>.</param>
    public static string Counted(string unit, long count, string language) =>
        Get($"{unit}.{PluralOf(Math.Abs(count), language)}", language, ("count", count));

    /// <param name="name">The name that the business gave it; without one, the usual levels have a name in each language.</param>
    public static string Level(string key, string? name, string language) =>
        name ?? Texts.GetString($"level.{key}", CultureInfo.GetCultureInfo(language)) ?? key;

    // Russian: 1, 21, 101 балл; 2 to 4, 22 балла; 11 to 14 and the rest баллов. English: one or many.
    private static string PluralOf(long count, string language) => (count % 10, count % 100) switch
    {
        (1, not 11) when language == RussianCode || count == 1 => "one",
        (>= 2 and <= 4, not (>= 12 and <= 14)) => "few",
        _ => "many",
    };

    private static string Format(object value, string language)
    {
        var numbers = language == RussianCode ? Russian : English;
        return value switch
        {
            Points points => Counted("points", points.Value, language),
            Money money => money.Roubles.ToString(money.Roubles == decimal.Truncate(money.Roubles) ? "N0" : "N2", numbers),
            long number => number.ToString("N0", numbers),
            decimal number => number.ToString("0.##", numbers),
            DateOnly day => day.ToString(language == RussianCode ? "dd.MM.yyyy" : "d MMMM yyyy", CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();
}
