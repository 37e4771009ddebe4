using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Platform.ServiceDefaults.Time;
using Platform.Users.Membership;

namespace Platform.Users.Tests.Membership;

public sealed class MembershipCalendarTests
{
    [Theory]
    // Ends of months, by Moscow's clock, which is three hours ahead all year.
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
    // The day is that of the place: in Moscow it is February already.
    [InlineData("Europe/Moscow", "2026-01-31T22:30:00+00:00", 1, 1, "2026-03-01T01:30:00+03:00")]
    [InlineData("Asia/Vladivostok", "2026-01-31T15:00:00+00:00", 1, 1, "2026-03-01T01:00:00+10:00")]
    // Summer time begins and ends in between: the same time of day all the same.
    [InlineData("Europe/Berlin", "2026-03-15T09:00:00+01:00", 1, 15, "2026-04-15T09:00:00+02:00")]
    [InlineData("Europe/Berlin", "2026-10-15T09:00:00+02:00", 1, 15, "2026-11-15T09:00:00+01:00")]
    // There is no half past two on the 29th of March 2026 in Berlin, and there are two on the 25th of October.
    [InlineData("Europe/Berlin", "2026-02-28T02:30:00+01:00", 1, 29, "2026-03-29T03:30:00+02:00")]
    [InlineData("Europe/Berlin", "2026-09-25T02:30:00+02:00", 1, 25, "2026-10-25T02:30:00+02:00")]
    public void So_many_months_later_it_is(string zone, string from, int months, int anchorDay, string expected) =>
        Calendar(zone).AddMonths(At(from), months, anchorDay).ShouldBe(At(expected));

    [Theory]
    [InlineData("Europe/Moscow", "2026-02-28T12:00:00+03:00", 1, "2026-03-01T12:00:00+03:00")]
    [InlineData("Europe/Moscow", "2028-02-28T12:00:00+03:00", 1, "2028-02-29T12:00:00+03:00")]
    [InlineData("Europe/Berlin", "2026-03-28T12:00:00+01:00", 1, "2026-03-29T12:00:00+02:00")]
    [InlineData("Europe/Berlin", "2026-10-24T12:00:00+02:00", 1, "2026-10-25T12:00:00+01:00")]
    [InlineData("Europe/Berlin", "2026-03-28T02:30:00+01:00", 1, "2026-03-29T03:30:00+02:00")]
    public void So_many_days_later_it_is(string zone, string from, int days, string expected) =>
        Calendar(zone).AddDays(At(from), days).ShouldBe(At(expected));

    [Fact]
    public void Whoever_pays_month_by_month_has_as_long_as_whoever_pays_for_all_of_them_at_once()
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

    private static MembershipCalendar Calendar(string zone) => new(new WallClock(zone));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
