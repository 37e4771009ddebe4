using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Contracts;

namespace Platform.Bots.BaristaBot;

/// <summary>
/// Sums as people write them at a counter, in Russian and in English: 1250, 1 250,50, 1,250.50, with the word or the sign of the rouble
/// or without.
/// </summary>
internal static partial class TypedSum
{
    /// <returns>A sum above zero with at most two places; null when it is none, or has two <see cref="ReadingsOf">readings</see>.</returns>
    public static Money? Read(string text)
    {
        var sum = Written().Match(Plain(text));
        if (!sum.Success)
        {
            return null;
        }

        var whole = string.Concat(sum.Groups["whole"].Value.Where(char.IsAsciiDigit));
        return decimal.TryParse($"{whole}.{sum.Groups["part"].Value}", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var roubles) && roubles > 0
            ? new Money(roubles)
            : null;
    }

    /// <summary>1,250 is a thousand and more to some and a little over one to others, and a guess costs somebody money.</summary>
    /// <returns>Both readings, the second rounded to kopecks; null when there is only one, or none.</returns>
    public static (Money Whole, Money Kopecks)? ReadingsOf(string text) => Ambiguous().Match(Plain(text)) is { Success: true } typed
        ? (new Money(decimal.Parse(typed.Groups["whole"].Value + typed.Groups["rest"].Value, CultureInfo.InvariantCulture)),
            new Money(Math.Round(decimal.Parse($"{typed.Groups["whole"].Value}.{typed.Groups["rest"].Value}", CultureInfo.InvariantCulture), 2)))
        : null;

    private static string Plain(string text) => Roubles().Replace(text.Replace('\u00a0', ' ').Replace('\u202f', ' '), "");

    // One separator with three digits behind it says nothing of itself; two of them, or another one for the kopecks, say that it parts thousands.
    [GeneratedRegex("""
        ^(?:
            (?<whole> [0-9]+ | [1-9][0-9]{0,2}(?:[ ][0-9]{3})+ ) (?: [.,](?<part>[0-9]{1,2}) )?
            | (?<whole> [1-9][0-9]{0,2}(?:,[0-9]{3})+ ) \.(?<part>[0-9]{1,2})
            | (?<whole> [1-9][0-9]{0,2}(?:\.[0-9]{3})+ ) ,(?<part>[0-9]{1,2})
            | (?<whole> [1-9][0-9]{0,2}(?:,[0-9]{3}){2,} | [1-9][0-9]{0,2}(?:\.[0-9]{3}){2,} )
        )\z
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Written();

    // The words in all their cases.
    [GeneratedRegex(@"[ .]*(?:₽|р|руб|рубль|рубля|рублей|рубли|rub|rur|rubles?|roubles?)?[ .]*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Roubles();

    [GeneratedRegex(@"^(?<whole>[1-9][0-9]{0,2})[.,](?<rest>[0-9]{3})\z")]
    private static partial Regex Ambiguous();
}
