using System.Globalization;
using Platform.Billing.Plans;
using Platform.Contracts;

namespace Platform.Billing.Tests.Plans;

public sealed class SubscriptionTests
{
    [Theory]
    // Within the stored period.
    [InlineData("2026-01-15", 1, "2026-01-15", "2026-02-15", 2)]
    [InlineData("2026-01-15", 1, "2026-02-14T23:59:59", "2026-02-15", 2)]
    // The end belongs to the next period.
    [InlineData("2026-01-15", 1, "2026-02-15", "2026-03-15", 0)]
    [InlineData("2026-01-15", 1, "2027-07-20", "2027-08-15", 0)]
    // From the last day of a month into shorter months.
    [InlineData("2026-01-31", 1, "2026-02-27", "2026-02-28", 2)]
    [InlineData("2026-01-31", 1, "2026-02-28", "2026-03-31", 0)]
    [InlineData("2026-01-31", 1, "2026-03-31", "2026-04-30", 0)]
    [InlineData("2028-01-31", 1, "2028-02-28", "2028-02-29", 2)]
    [InlineData("2028-02-29", 12, "2029-02-28", "2030-02-28", 0)]
    [InlineData("2028-02-29", 12, "2031-06-01", "2032-02-29", 0)]
    public void The_current_period_is_calculated_from_the_stored_one(string start, int months, string now, string end, int used)
    {
        var subscription = new Subscription
        {
            UserId = new UserId(5),
            Plan = Plan.Free,
            PeriodStart = At(start),
            PeriodEnd = At(start).AddMonths(months),
            LettersUsed = 2,
        };

        subscription.PeriodAt(At(now), months).ShouldBe((At(end), used));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
