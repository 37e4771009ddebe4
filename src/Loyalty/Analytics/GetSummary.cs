using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Analytics;

/// <summary>The figures of a period, in one round trip. What moved counts on the day it moved: an order when placed, a refund when made.</summary>
internal static class GetSummary
{
    /// <param name="From">The first day with anything in it when the request left it out.</param>
    /// <param name="Users">Guests now. Null for one shop, like everything that belongs to no shop.</param>
    /// <param name="ActiveUsers">Guests who placed an order in the period.</param>
    /// <param name="NewUsers">Guests who registered in the period.</param>
    /// <param name="Orders">Placed in the period, refunded or not.</param>
    /// <param name="Revenue">Paid for orders in money, minus the refunds made in the period.</param>
    /// <param name="AverageCheck">Revenue divided by orders; 0 without orders.</param>
    /// <param name="PointsIssued">By orders, by hand and as bonuses.</param>
    /// <param name="PointsIssuedByOrders">Minus those that refunds took back.</param>
    /// <param name="PointsIssuedManually">Added by hand, minus those taken by hand.</param>
    /// <param name="PointsIssuedAsBonuses">For registering, inviting others, and achievements.</param>
    /// <param name="PointsSpent">On orders and on rewards.</param>
    /// <param name="PointsSpentOnOrders">Minus those that refunds returned.</param>
    /// <param name="PointsOutstanding">In guests' accounts now.</param>
    /// <param name="MeanRating">Of reviews, from 1 to 10, with two places; null without reviews.</param>
    /// <param name="Nps">Share of ratings 9 and 10 minus that of 1 to 6, from -100 to 100; null without reviews.</param>
    /// <param name="ByLevel">Guests now, the lowest level first.</param>
    /// <param name="ByDay">Oldest first, days without orders included.</param>
    public sealed record Response(
        DateOnly From,
        DateOnly To,
        string? ShopId,
        long? Users,
        long ActiveUsers,
        long? NewUsers,
        long Orders,
        Money Revenue,
        Money AverageCheck,
        Points PointsIssued,
        Points PointsIssuedByOrders,
        Points? PointsIssuedManually,
        Points? PointsIssuedAsBonuses,
        Points PointsSpent,
        Points PointsSpentOnOrders,
        Points? PointsSpentOnRewards,
        Points? PointsOutstanding,
        Points? PointsExpired,
        long? GiftsIssued,
        long? GiftsRedeemed,
        decimal? MeanRating,
        decimal? Nps,
        IReadOnlyList<LevelItem>? ByLevel,
        IReadOnlyList<DayItem> ByDay);

    public sealed record LevelItem(string Level, long Users);

    /// <param name="Revenue">Negative when more was refunded than paid.</param>
    public sealed record DayItem(DateOnly Day, long Orders, Money Revenue, long? NewUsers);

    /// <summary>Of a longer period the empty days before the first order are left out.</summary>
    private const int LongestEmptyStart = 366;

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The figures of a period: guests, orders, points, gifts and reviews")
        .WithDescription(
            "From and to are days of the business, inclusive; without them everything up to today. With `shopId`, orders and reviews of one shop; figures "
            + "that belong to no shop are null then.")
        .WithExample(request: null, new Response(
            new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 1), ShopId: null, Users: 2140, ActiveUsers: 118, NewUsers: 6, Orders: 131, new Money(48_760),
            new Money(372.21m), new Points(540), new Points(470), new Points(20), new Points(50), new Points(210), new Points(160), new Points(50),
            new Points(30_515), new Points(12), GiftsIssued: 9, GiftsRedeemed: 4, MeanRating: 8.72m, Nps: 58.3m,
            [new("standard", 1710), new("silver", 320), new("gold", 94), new("platinum", 16)],
            [new(new DateOnly(2026, 1, 1), 131, new Money(48_760), 6)]))
        .Refuses(LoyaltyErrors.PeriodInvalid);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        NpgsqlDataSource database,
        BusinessClock wall,
        TimeProvider clock,
        CancellationToken ct,
        PeriodEdge? from = null,
        PeriodEdge? to = null,
        [StringLength(64, MinimumLength = 1), PlainText] string? shopId = null)
    {
        var today = wall.DayOf(clock.GetUtcNow());
        DateOnly? first = from is { } fromEdge ? wall.DayOf(fromEdge.Start(wall)) : null;
        var last = to is { } toEdge ? wall.DayOf(toEdge.End(wall).AddTicks(-1)) : today;
        if (first > last)
        {
            return Problems.For(LoyaltyErrors.PeriodInvalid);
        }

        await using var connection = await database.OpenConnectionAsync(ct);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(
            Sql,
            new
            {
                timeZone = wall.TimeZone,
                // Npgsql sends the least instant and day as -infinity.
                start = first is { } day ? Midnight(day, wall) : DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc),
                end = Midnight(last.AddDays(1), wall),
                firstDay = first ?? DateOnly.MinValue,
                lastDay = last,
                untilNow = last >= today,
                shopId,
            },
            cancellationToken: ct));
        var orders = (await results.ReadAsync<DayRow>()).ToDictionary(row => Day(row.Day));
        var newcomers = (await results.ReadAsync<NewcomersRow>()).ToDictionary(row => Day(row.Day), row => row.Users);
        var levels = (await results.ReadAsync<LevelRow>()).AsList();
        var other = await results.ReadSingleAsync<OtherRow>();

        var days = orders.Keys.Union(shopId is null ? newcomers.Keys : []).DefaultIfEmpty(last).ToList();
        var start = first ?? days.Min();
        var (count, revenue) = (orders.Values.Sum(row => row.Orders), orders.Values.Sum(row => row.Revenue));
        var (earned, spent) = (orders.Values.Sum(row => row.PointsEarned), orders.Values.Sum(row => row.PointsSpent));
        var byOrdersOnly = shopId is not null;
        return TypedResults.Ok(new Response(
            start,
            last,
            shopId,
            OfBusiness(levels.Sum(row => row.Users)),
            other.ActiveUsers ?? levels.Sum(row => row.ActiveUsers),
            OfBusiness(newcomers.Values.Sum()),
            count,
            new Money(revenue),
            new Money(count == 0 ? 0 : Math.Round(revenue / count, 2, MidpointRounding.AwayFromZero)),
            new Points(earned + (byOrdersOnly ? 0 : other.Adjusted + other.Bonuses)),
            new Points(earned),
            PointsOfBusiness(other.Adjusted),
            PointsOfBusiness(other.Bonuses),
            new Points(spent + (byOrdersOnly ? 0 : other.SpentOnRewards)),
            new Points(spent),
            PointsOfBusiness(other.SpentOnRewards),
            PointsOfBusiness(levels.Sum(row => row.Points)),
            PointsOfBusiness(other.Expired),
            OfBusiness(other.GiftsIssued),
            OfBusiness(other.GiftsRedeemed),
            other.MeanRating,
            other.Nps,
            byOrdersOnly ? null : [.. levels.Select(row => new LevelItem(row.Level, row.Users))],
            [.. Days(start, last, today, days).Select(day => orders.TryGetValue(day, out var row)
                ? new DayItem(day, row.Orders, new Money(row.Revenue), OfBusiness(newcomers.GetValueOrDefault(day)))
                : new DayItem(day, 0, Money.Zero, OfBusiness(newcomers.GetValueOrDefault(day))))]));

        long? OfBusiness(long figure) => byOrdersOnly ? null : figure;
        Points? PointsOfBusiness(long points) => byOrdersOnly ? null : new Points(points);
    }

    /// <summary>Guests of all levels are read once, for four figures. Someone was active until now when their last order is in the period.</summary>
    private const string Sql = """
        select to_char(day, 'YYYY-MM-DD') as day, orders, revenue, points_earned, points_spent
        from days_of_orders(@timeZone, @firstDay, @lastDay, @start, @end, @shopId);

        select to_char(opened_at at time zone @timeZone, 'YYYY-MM-DD') as day, count(*) as users
        from accounts where opened_at >= @start and opened_at < @end
        group by 1;

        select levels.key as level, coalesce(held.users, 0) as users, coalesce(held.points, 0)::bigint as points, coalesce(held.active_users, 0) as active_users
        from levels left join (
            select account.level, count(*) filter (where guest.erased_at is null) as users,
                sum(account.points) filter (where guest.erased_at is null) as points,
                count(*) filter (where account.last_order_at >= @start) as active_users
            from accounts account left join guest_names guest using (user_id)
            group by account.level
        ) held on held.level = levels.key
        order by levels.rank;

        select
            case
                when @shopId::text is not null then (
                    select count(distinct user_id) from orders where shop_id = @shopId and placed_at >= @start and placed_at < @end)
                when not @untilNow then (select count(distinct user_id) from orders where placed_at >= @start and placed_at < @end)
            end as active_users,
            entries.adjusted, entries.bonuses, entries.spent_on_rewards, entries.expired,
            (select count(*) from gifts where issued_at >= @start and issued_at < @end and revoked_at is null) as gifts_issued,
            (select count(*) from gifts where redeemed_at >= @start and redeemed_at < @end) as gifts_redeemed,
            ratings.mean_rating, ratings.nps
        from (
                select coalesce(sum(delta - debt_delta) filter (where reason = 'adjustment'), 0)::bigint as adjusted,
                    coalesce(sum(delta - debt_delta) filter (where reason in ('bonus', 'referral', 'achievement')), 0)::bigint as bonuses,
                    coalesce(-sum(delta - debt_delta) filter (where reason in ('reward', 'reward_return')), 0)::bigint as spent_on_rewards,
                    coalesce(-sum(delta - debt_delta) filter (where reason = 'expiry'), 0)::bigint as expired
                from point_entries
                where reason not in ('earn', 'spend', 'return', 'take_back', 'correction') and created_at >= @start and created_at < @end
            ) entries, (
                select round(avg(rating), 2) as mean_rating,
                    round(100.0 * (count(*) filter (where rating >= 9) - count(*) filter (where rating <= 6)) / nullif(count(*), 0), 1) as nps
                from feedback
                where rating is not null and created_at >= @start and created_at < @end and (@shopId::text is null or shop_id = @shopId)
            ) ratings
        """;

    private static IEnumerable<DateOnly> Days(DateOnly first, DateOnly last, DateOnly today, List<DateOnly> found)
    {
        var (until, from) = (Earlier(last, Later(today, found.Max())), first);
        if (until.DayNumber - from.DayNumber > LongestEmptyStart)
        {
            from = Later(from, found.Min());
        }

        for (var day = from; day <= until; day = day.AddDays(1))
        {
            yield return day;
        }
    }

    private static DateOnly Earlier(DateOnly one, DateOnly other) => one < other ? one : other;

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

    private static DateTime Midnight(DateOnly day, BusinessClock wall) => wall.At(NodaTime.LocalDate.FromDateOnly(day).AtMidnight()).UtcDateTime;

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private sealed record DayRow
    {
        public required string Day { get; init; }

        public long Orders { get; init; }

        public decimal Revenue { get; init; }

        public long PointsEarned { get; init; }

        public long PointsSpent { get; init; }
    }

    private sealed record NewcomersRow
    {
        public required string Day { get; init; }

        public long Users { get; init; }
    }

    private sealed record LevelRow
    {
        public required string Level { get; init; }

        public long Users { get; init; }

        public long Points { get; init; }

        public long ActiveUsers { get; init; }
    }

    private sealed record OtherRow
    {
        public long? ActiveUsers { get; init; }

        public long Adjusted { get; init; }

        public long Bonuses { get; init; }

        public long SpentOnRewards { get; init; }

        public long Expired { get; init; }

        public long GiftsIssued { get; init; }

        public long GiftsRedeemed { get; init; }

        public decimal? MeanRating { get; init; }

        public decimal? Nps { get; init; }
    }
}
