using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Contracts;

namespace Platform.Bots.BaristaBot;

/// <summary>Parses amounts as people type them in Russian and in English: 1250, 1 250,50, 1,250.50 ₽.</summary>
internal static partial class TypedAmount
{
    /// <returns>An amount above zero with at most two decimals; null when it is invalid or has <see cref="AmbiguousReadings"/>.</returns>
    public static Money? Parse(string text)
    {
        var amount = Written().Match(Plain(text));
        if (!amount.Success)
        {
            return null;
        }

        var whole = string.Concat(amount.Groups["whole"].Value.Where(char.IsAsciiDigit));
        var number = $"{whole}.{amount.Groups["part"].Value}";
        return decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var roubles) && roubles > 0
            ? new Money(roubles)
            : null;
    }

    /// <summary>1,250 may be a thousand and more, or a little over one; a wrong guess costs someone money.</summary>
    /// <returns>Both readings, the second rounded to kopecks; null when the text is not ambiguous.</returns>
    public static (Money Whole, Money Kopecks)? AmbiguousReadings(string text) => Ambiguous().Match(Plain(text)) is { Success: true } typed
        ? (new Money(decimal.Parse(typed.Groups["whole"].Value + typed.Groups["rest"].Value, CultureInfo.InvariantCulture)),
            new Money(Math.Round(decimal.Parse($"{typed.Groups["whole"].Value}.{typed.Groups["rest"].Value}", CultureInfo.InvariantCulture), 2)))
        : null;

    private static string Plain(string text) => Roubles().Replace(text.Replace('\u00a0', ' ').Replace('\u202f', ' '), "");

    // One separator before three digits is ambiguous; two of them, or a different one before the kopecks, separate thousands.
    [GeneratedRegex("""
        ^(?:
            (?<whole> [0-9]+ | [1-9][0-9]{0,2}(?:[ ][0-9]{3})+ ) (?: [.,](?<part>[0-9]{1,2}) )?
            | (?<whole> [1-9][0-9]{0,2}(?:,[0-9]{3})+ ) \.(?<part>[0-9]{1,2})
            | (?<whole> [1-9][0-9]{0,2}(?:\.[0-9]{3})+ ) ,(?<part>[0-9]{1,2})
            | (?<whole> [1-9][0-9]{0,2}(?:,[0-9]{3}){2,} | [1-9][0-9]{0,2}(?:\.[0-9]{3}){2,} )
        )\z
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Written();

    // In all grammatical cases.
    [GeneratedRegex(@"[ .]*(?:₽|р|руб|рубль|рубля|рублей|рубли|rub|rur|rubles?|roubles?)?[ .]*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Roubles();

    [GeneratedRegex(@"^(?<whole>[1-9][0-9]{0,2})[.,](?<rest>[0-9]{3})\z")]
    private static partial Regex Ambiguous();
}
