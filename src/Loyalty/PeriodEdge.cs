using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NodaTime;
using Platform.ServiceDefaults.Time;

namespace Platform.Loyalty;

/// <summary>Where a period begins or ends, as callers write it: a day of the business (2026-01-31) or an instant (2026-01-31T09:30:00Z).</summary>
public readonly record struct PeriodEdge : IParsable<PeriodEdge>
{
    private const int FirstYear = 2000;
    private const int LastYear = 2199;

    private readonly DateOnly _day;
    private readonly DateTimeOffset? _instant;

    private PeriodEdge(DateOnly day, DateTimeOffset? instant) => (_day, _instant) = (day, instant);

    /// <summary>The first instant of the period that begins with it.</summary>
    internal DateTimeOffset Start(BusinessClock wall) => _instant ?? Midnight(_day, wall);

    /// <summary>The first instant after the period that ends with it: a day is part of the period.</summary>
    internal DateTimeOffset End(BusinessClock wall) => _instant ?? Midnight(_day.AddDays(1), wall);

    public static PeriodEdge Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var edge) ? edge : throw new FormatException($"'{s}' is neither a day nor an instant.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PeriodEdge result)
    {
        result = DateOnly.TryParseExact(s, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new(day, instant: null)
            : HasOffset(s) && DateTimeOffset.TryParse(s, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
                ? new(DateOnly.FromDateTime(instant.UtcDateTime), instant.ToUniversalTime())
            : default;
        return result._day.Year is >= FirstYear and <= LastYear;
    }

    private static DateTimeOffset Midnight(DateOnly day, BusinessClock wall) => wall.At(LocalDate.FromDateOnly(day).AtMidnight());

    private static bool HasOffset([NotNullWhen(true)] string? s) =>
        s?.IndexOf('T', StringComparison.Ordinal) is > 0 and var time && s.AsSpan(time).IndexOfAny('Z', '+', '-') > 0;
}
