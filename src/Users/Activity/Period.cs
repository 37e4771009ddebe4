namespace Platform.Users.Activity;

/// <summary>The days that statistics are requested for, inclusive.</summary>
internal readonly record struct Period(DateOnly From, DateOnly To)
{
    /// <param name="from">When left out, <paramref name="defaultDays"/> days up to the last one.</param>
    /// <param name="to">Today when left out.</param>
    /// <returns>Null when the period ends before it starts or is longer than <paramref name="maxDays"/>.</returns>
    public static Period? Resolve(DateOnly? from, DateOnly? to, DateOnly today, int defaultDays, int maxDays)
    {
        var last = to ?? today;
        var first = from ?? DateOnly.FromDayNumber(Math.Max(0, last.DayNumber - defaultDays + 1));
        return first <= last && last.DayNumber - first.DayNumber < maxDays ? new Period(first, last) : null;
    }
}
