using Platform.ServiceDefaults.Time;

namespace Platform.Users.Membership;

/// <summary>Months and days of a membership, by the clock on the wall of the business.</summary>
internal sealed class MembershipCalendar(WallClock wall)
{
    /// <summary>Day of the month, 1 to 31: the anchor of a run of months that begins then.</summary>
    public int AnchorOf(DateTimeOffset start) => wall.DayOf(start).Day;

    /// <summary>
    /// The same time of day so many months later, on the anchor's day or, in a month that has no such day, on its last.
    /// </summary>
    /// <param name="anchorDay">Day of the month, 1 to 31: that of the first of an unbroken run of months.</param>
    public DateTimeOffset AddMonths(DateTimeOffset from, int months, int anchorDay)
    {
        var local = wall.Local(from);
        var month = local.Date.ToYearMonth().PlusMonths(months);
        var day = Math.Min(anchorDay, local.Calendar.GetDaysInMonth(month.Year, month.Month));
        return wall.At(month.OnDayOfMonth(day).At(local.TimeOfDay));
    }

    /// <summary>The same time of day so many days later: a day on which the clocks change has 23 hours, or 25.</summary>
    public DateTimeOffset AddDays(DateTimeOffset from, int days) => wall.At(wall.Local(from).PlusDays(days));
}
