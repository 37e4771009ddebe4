namespace Platform.Loyalty.Birthdays;

/// <summary>A birthday in one year, for everyone born on this day and in this month.</summary>
/// <param name="On">The day that it is celebrated: for 29 February the 28th in years without one.</param>
internal readonly record struct Birthday(int Month, int Day, DateOnly On)
{
    private const int February = 2;

    /// <returns>Whose birthdays are today, or were on one of the days before it.</returns>
    public static IEnumerable<Birthday> UpTo(DateOnly today, int daysLate)
    {
        for (var on = today.AddDays(-daysLate); on <= today; on = on.AddDays(1))
        {
            yield return new Birthday(on.Month, on.Day, on);
            if (on is { Month: February, Day: 28 } && !DateTime.IsLeapYear(on.Year))
            {
                yield return new Birthday(February, 29, on);
            }
        }
    }
}
