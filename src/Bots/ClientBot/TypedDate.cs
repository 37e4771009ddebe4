using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Bots.Texts;

namespace Platform.Bots.ClientBot;

/// <summary>Parses a date of birth as people type it: 12.03.1994, 12/3/94 (day first), 12 марта 1994, March 12, 1994.</summary>
internal abstract partial record TypedDate
{
    /// <summary>A younger age is a typo, such as the current year.</summary>
    public const int YoungestYears = 5;

    private const int EarliestYear = 1900;

    // Outside of this range a typo is more likely than the age.
    private const int UsualFrom = 14;
    private const int UsualTo = 100;

    /// <param name="Doubtful">Ambiguous, or an unusual age: to be confirmed.</param>
    public sealed record Of(DateOnly Date, bool Doubtful) : TypedDate;

    public sealed record NotUnderstood : TypedDate;

    public sealed record NoSuchDay(int Day, int Month, int Year) : TypedDate;

    public sealed record InFuture(DateOnly Date) : TypedDate;

    public sealed record TooYoung(DateOnly Date) : TypedDate;

    public sealed record TooLongAgo(int Year) : TypedDate;

    public static TypedDate Parse(string typed, DateOnly today)
    {
        var text = Filler().Replace(typed.ToLowerInvariant(), " ");
        var parts = Part().Matches(text).Select(match => match.Value).ToList();
        if (Separator().Replace(Part().Replace(text, ""), "").Length > 0)
        {
            return new NotUnderstood();
        }

        if (parts is [{ Length: 8 } compact] && compact.All(char.IsAsciiDigit))
        {
            parts = [compact[..2], compact[2..4], compact[4..]];
        }

        return parts switch
        {
            [var day, var month, var year] when Number(day) is { } d && MonthOf(month) is { } m => Check(d, m, year, doubtful: false, today),
            [var month, var day, var year] when MonthOf(month) is { } m && Number(day) is { } d => Check(d, m, year, doubtful: false, today),
            [{ Length: 4 } year, var month, var day] when Number(month) is { } m && Number(day) is { } d && Number(year) is not null =>
                Check(d, m, year, doubtful: false, today),
            [var day, var month, var year] when Number(day) is { } d && Number(month) is { } m =>
                // 12/25/1990 can only be month first.
                m > 12 && d <= 12
                    ? Check(day: m, month: d, year, doubtful: true, today)
                    : Check(d, m, year, doubtful: typed.Contains('/', StringComparison.Ordinal) && d <= 12 && d != m, today),
            _ => new NotUnderstood(),
        };
    }

    private static TypedDate Check(int day, int month, string yearText, bool doubtful, DateOnly today)
    {
        if (Number(yearText) is not { } year || yearText.Length is not (2 or 4))
        {
            return new NotUnderstood();
        }

        if (yearText.Length == 2)
        {
            (year, doubtful) = (year + (year <= today.Year % 100 ? today.Year / 100 * 100 : (today.Year / 100 * 100) - 100), true);
        }

        if (month is < 1 or > 12 || day is < 1 or > 31)
        {
            return new NotUnderstood();
        }

        if (year is < 1 or > 9999 || day > DateTime.DaysInMonth(year, month))
        {
            return new NoSuchDay(day, month, year);
        }

        var date = new DateOnly(year, month, day);
        return date >= today ? new InFuture(date)
            : year < EarliestYear ? new TooLongAgo(year)
            : date > today.AddYears(-YoungestYears) ? new TooYoung(date)
            : new Of(date, doubtful || date > today.AddYears(-UsualFrom) || date <= today.AddYears(-UsualTo));
    }

    private static int? Number(string part) => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>By three letters or more, in any language: <c>мар</c>, <c>марта</c>, <c>sept</c>.</summary>
    private static int? MonthOf(string part)
    {
        if (part.Length < 3)
        {
            return null;
        }

        foreach (var names in BotText.Languages.SelectMany(language => new[] { BotText.List(language, "months"), BotText.List(language, "months.of") }))
        {
            var index = names.ToList().FindIndex(name => name.StartsWith(part, StringComparison.OrdinalIgnoreCase));
            if (index >= 0)
            {
                return index + 1;
            }
        }

        return null;
    }

    // «12 марта 1994 г.», "the 12th of March, 1994".
    [GeneratedRegex(@"(?<=\d)(st|nd|rd|th|-?(го|ое|е))\b|\b(г|год|года|of|the)\b\.?")]
    private static partial Regex Filler();

    [GeneratedRegex(@"\d+|\p{L}+")]
    private static partial Regex Part();

    [GeneratedRegex(@"[\s.,/\-\u2010-\u2015\u2212]")]
    private static partial Regex Separator();
}
