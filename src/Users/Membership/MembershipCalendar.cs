using Platform.ServiceDefaults.Time;

namespace Platform.Users.Membership;

/// <summary>Adds months and days to a membership in the time zone of the business.</summary>
internal sealed class MembershipCalendar(BusinessClock wall)
{
    /// <summary>Day of the month, 1 to 31: the anchor for a run of months that starts then.</summary>
    public int AnchorOf(DateTimeOffset start) => wall.DayOf(start).Day;

    /// <summary>The same time of day some months later, on the anchor day or, in a shorter month, on its last day.</summary>
    /// <param name="anchorDay">Day of the month, 1 to 31, on which an unbroken run of months started.</param>
    public DateTimeOffset AddMonths(DateTimeOffset from, int months, int anchorDay)
    {
        var local = wall.Local(from);
        var month = local.Date.ToYearMonth().PlusMonths(months);
        var day = Math.Min(anchorDay, local.Calendar.GetDaysInMonth(month.Year, month.Month));
        return wall.At(month.OnDayOfMonth(day).At(local.TimeOfDay));
    }

    /// <summary>The same time of day some days later: a day on which the clocks change has 23 or 25 hours.</summary>
    public DateTimeOffset AddDays(DateTimeOffset from, int days) => wall.At(wall.Local(from).PlusDays(days));
}
