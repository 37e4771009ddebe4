using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Platform.ServiceDefaults.Time;
using Platform.Users.Membership;

namespace Platform.Users.Tests.Membership;

public sealed class MembershipCalendarTests
{
    [Theory]
    // Ends of months in Moscow, UTC+3 all year.
    [InlineData("Europe/Moscow", "2026-01-31T12:00:00+03:00", 1, 31, "2026-02-28T12:00:00+03:00")]
    [InlineData("Europe/Moscow", "2026-02-28T12:00:00+03:00", 1, 31, "2026-03-31T12:00:00+03:00")]
    [InlineData("Europe/Moscow", "2026-02-28T12:00:00+03:00", 1, 28, "2026-03-28T12:00:00+03:00")]
    [InlineData("Europe/Moscow", "2026-03-31T12:00:00+03:00", 1, 31, "2026-04-30T12:00:00+03:00")]
    [InlineData("Europe/Moscow", "2026-01-30T12:00:00+03:00", 1, 30, "2026-02-28T12:00:00+03:00")]
    [InlineData("Europe/Moscow", "2026-12-31T12:00:00+03:00", 2, 31, "2027-02-28T12:00:00+03:00")]
    [InlineData("Europe/Moscow", "2026-01-15T12:00:00+03:00", 12, 15, "2027-01-15T12:00:00+03:00")]
    // Leap years.
    [InlineData("Europe/Moscow", "2028-01-31T12:00:00+03:00", 1, 31, "2028-02-29T12:00:00+03:00")]
    [InlineData("Europe/Moscow", "2028-02-29T12:00:00+03:00", 12, 29, "2029-02-28T12:00:00+03:00")]
    [InlineData("Europe/Moscow", "2029-02-28T12:00:00+03:00", 36, 29, "2032-02-29T12:00:00+03:00")]
    // The local day counts: in Moscow it is already February.
    [InlineData("Europe/Moscow", "2026-01-31T22:30:00+00:00", 1, 1, "2026-03-01T01:30:00+03:00")]
    [InlineData("Asia/Vladivostok", "2026-01-31T15:00:00+00:00", 1, 1, "2026-03-01T01:00:00+10:00")]
    // Summer time starts or ends in between; the time of day stays.
    [InlineData("Europe/Berlin", "2026-03-15T09:00:00+01:00", 1, 15, "2026-04-15T09:00:00+02:00")]
    [InlineData("Europe/Berlin", "2026-10-15T09:00:00+02:00", 1, 15, "2026-11-15T09:00:00+01:00")]
    // In Berlin 02:30 does not exist on 29 March 2026 and occurs twice on 25 October.
    [InlineData("Europe/Berlin", "2026-02-28T02:30:00+01:00", 1, 29, "2026-03-29T03:30:00+02:00")]
    [InlineData("Europe/Berlin", "2026-09-25T02:30:00+02:00", 1, 25, "2026-10-25T02:30:00+02:00")]
    public void Months_are_added_in_local_time_on_the_anchor_day(string zone, string from, int months, int anchorDay, string expected) =>
        Calendar(zone).AddMonths(At(from), months, anchorDay).ShouldBe(At(expected));

    [Theory]
    [InlineData("Europe/Moscow", "2026-02-28T12:00:00+03:00", 1, "2026-03-01T12:00:00+03:00")]
    [InlineData("Europe/Moscow", "2028-02-28T12:00:00+03:00", 1, "2028-02-29T12:00:00+03:00")]
    [InlineData("Europe/Berlin", "2026-03-28T12:00:00+01:00", 1, "2026-03-29T12:00:00+02:00")]
    [InlineData("Europe/Berlin", "2026-10-24T12:00:00+02:00", 1, "2026-10-25T12:00:00+01:00")]
    [InlineData("Europe/Berlin", "2026-03-28T02:30:00+01:00", 1, "2026-03-29T03:30:00+02:00")]
    public void Days_are_added_in_local_time(string zone, string from, int days, string expected) =>
        Calendar(zone).AddDays(At(from), days).ShouldBe(At(expected));

    [Fact]
    public void Paying_month_by_month_lasts_as_long_as_paying_for_all_months_at_once()
    {
        var calendar = Calendar("Europe/Moscow");
        var days = Gen.Choose(0, 365 * 8).Select(day => new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero).AddDays(day));
        Prop.ForAll(days.ToArbitrary(), Gen.Choose(1, 36).ToArbitrary(), (start, months) =>
        {
            var anchor = calendar.AnchorOf(start);
            var step = Enumerable.Range(0, months).Aggregate(start, (until, _) => calendar.AddMonths(until, 1, anchor));
            return step == calendar.AddMonths(start, months, anchor);
        }).QuickCheckThrowOnFailure();
    }

    private static MembershipCalendar Calendar(string zone) => new(new BusinessClock(zone));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
