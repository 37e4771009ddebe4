using Microsoft.Extensions.Options;
using NodaTime;

namespace Platform.Users.Membership;

/// <summary>Months and days of a membership, by the clock on the wall of the business.</summary>
internal sealed class MembershipCalendar(IOptions<UsersOptions> options)
{
    private readonly DateTimeZone _zone = DateTimeZoneProviders.Tzdb[options.Value.TimeZone];

    public static bool Knows(string timeZone) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(timeZone) is not null;

    /// <summary>The day that it is there.</summary>
    public DateOnly DateOf(DateTimeOffset at) => Local(at).Date.ToDateOnly();

    /// <summary>The day of the month that it is there.</summary>
    public int DayOf(DateTimeOffset at) => Local(at).Day;

    /// <summary>
    /// The same time of day so many months later, on the anchor's day or, in a month that has no such day, on its last. A time that the
    /// clocks skip is as much later, one that they have twice is the first.
    /// </summary>
    /// <param name="anchorDay">Day of the month, 1 to 31: that of the first of an unbroken run of months.</param>
    public DateTimeOffset AddMonths(DateTimeOffset from, int months, int anchorDay)
    {
        var local = Local(from);
        var month = local.Date.ToYearMonth().PlusMonths(months);
        var day = Math.Min(anchorDay, local.Calendar.GetDaysInMonth(month.Year, month.Month));
        return Instant(month.OnDayOfMonth(day).At(local.TimeOfDay));
    }

    /// <summary>The same time of day so many days later: a day on which the clocks change has 23 hours, or 25.</summary>
    public DateTimeOffset AddDays(DateTimeOffset from, int days) => Instant(Local(from).PlusDays(days));

    private LocalDateTime Local(DateTimeOffset at) => NodaTime.Instant.FromDateTimeOffset(at).InZone(_zone).LocalDateTime;

    private DateTimeOffset Instant(LocalDateTime local) => local.InZoneLeniently(_zone).ToInstant().ToDateTimeOffset();
}
