namespace Platform.Users.Activity;

/// <summary>Days of which statistics are asked, the first and the last among them.</summary>
internal readonly record struct Period(DateOnly From, DateOnly To)
{
    /// <param name="from">So many days before the last one when left out.</param>
    /// <param name="to">Today when left out.</param>
    /// <returns>Null for a period that ends before it begins, or is longer than <paramref name="mostDays"/>.</returns>
    public static Period? Of(DateOnly? from, DateOnly? to, DateOnly today, int usualDays, int mostDays)
    {
        var last = to ?? today;
        var first = from ?? DateOnly.FromDayNumber(Math.Max(0, last.DayNumber - usualDays + 1));
        return first <= last && last.DayNumber - first.DayNumber < mostDays ? new Period(first, last) : null;
    }
}
