using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.Activity;

/// <summary>Retention by week of registration and channel.</summary>
internal static class GetCohorts
{
    private const int DefaultWeeks = 12;
    private const int MaxWeeks = 60;

    /// <param name="From">Monday of the first week.</param>
    /// <param name="To">Monday of the last week.</param>
    public sealed record Response(DateOnly From, DateOnly To, IReadOnlyList<Cohort> Items);

    /// <param name="Week">Monday of the week in which they registered, in the time zone of the business.</param>
    /// <param name="Channel">How they found the business; <c>unknown</c> when not given.</param>
    /// <param name="Week1">Days 1 to 7 after the registration.</param>
    /// <param name="Week4">Days 22 to 28.</param>
    /// <param name="Week12">Days 78 to 84.</param>
    /// <param name="Premium">How many are premium members now.</param>
    public sealed record Cohort(DateOnly Week, string Channel, long People, Return Week1, Return Week4, Return Week12, long Premium);

    /// <summary>How many came back within a span of days. The rate is Active divided by Over.</summary>
    /// <param name="Over">For how many people the span is over; the others may still come back.</param>
    /// <param name="Active">How many of those were active in the span.</param>
    public sealed record Return(long Over, long Active);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(GetCohorts))
        .WithSummary("Retention by week of registration and channel")
        .WithDescription("From and to are any days in the first and the last week, inclusive, at most 60 weeks. Default: the last 12 weeks.")
        .WithExample(request: null, new Response(
            new DateOnly(2026, 1, 5), new DateOnly(2026, 3, 23),
            [new(new DateOnly(2026, 1, 12), "instagram", People: 40, new Return(40, 22), new Return(40, 15), new Return(0, 0), Premium: 4)]))
        .Refuses(UsersErrors.PeriodInvalid);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        UsersDb db, BusinessClock wall, TimeProvider clock, CancellationToken ct, DateOnly? from = null, DateOnly? to = null)
    {
        var now = clock.GetUtcNow();
        var today = wall.DayOf(now);
        if (Period.Resolve(MondayOf(from), MondayOf(to), MondayOf(today), defaultDays: (7 * (DefaultWeeks - 1)) + 1, maxDays: 7 * MaxWeeks) is not { } weeks)
        {
            return Problems.For(UsersErrors.PeriodInvalid);
        }

        var rows = await db.Database.SqlQuery<Row>(
            $"""
            select registration_week as "Week", channel as "Channel", count(*) as "People",
                count(*) filter (where registered_on < {today} - 7) as "Over1",
                count(*) filter (where registered_on < {today} - 7 and active_week_1) as "Active1",
                count(*) filter (where registered_on < {today} - 28) as "Over4",
                count(*) filter (where registered_on < {today} - 28 and active_week_4) as "Active4",
                count(*) filter (where registered_on < {today} - 84) as "Over12",
                count(*) filter (where registered_on < {today} - 84 and active_week_12) as "Active12",
                count(*) filter (where premium_until > {now}) as "Premium"
            from user_cohorts_basic
            where registration_week between {weeks.From} and {weeks.To}
            group by registration_week, channel
            order by registration_week, channel
            """).ToListAsync(ct);
        return TypedResults.Ok(new Response(weeks.From, weeks.To,
        [
            .. rows.Select(row => new Cohort(
                row.Week, row.Channel, row.People, new Return(row.Over1, row.Active1), new Return(row.Over4, row.Active4), new Return(row.Over12, row.Active12),
                row.Premium)),
        ]));
    }

    private static DateOnly? MondayOf(DateOnly? day) => day is { } known ? MondayOf(known) : null;

    // Day number 0 was a Monday.
    private static DateOnly MondayOf(DateOnly day) => DateOnly.FromDayNumber(day.DayNumber - (day.DayNumber % 7));

    private sealed record Row(
        DateOnly Week, string Channel, long People, long Over1, long Active1, long Over4, long Active4, long Over12, long Active12, long Premium);
}
