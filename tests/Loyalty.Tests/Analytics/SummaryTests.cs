using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Loyalty.Analytics;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Analytics;

/// <summary>Counts all rows. Each test has a month of its own.</summary>
public sealed class SummaryTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Revenue_counts_on_the_day_the_money_moved()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        // 23:59 and 00:01 in Moscow.
        var first = await Placed(guest, staff, 1000, "2025-01-10T20:59:00Z");
        await Placed(guest, staff, 500, "2025-01-10T21:01:00Z");
        await Refunded(staff, first, 300, "2025-01-12T09:00:00Z");

        var summary = await Summary("?from=2025-01-10&to=2025-01-12");

        (summary.Json("orders"), summary.Json("revenue"), summary.Json("averageCheck"), summary.Json("activeUsers")).ShouldBe((2L, 1200m, 600m, 1L));
        Days(summary).ShouldBe([("2025-01-10", 1, 1000), ("2025-01-11", 1, 500), ("2025-01-12", 0, -300)]);
        (summary.Json("pointsIssuedByOrders"), summary.Json("pointsIssued")).ShouldBe((12L, 12L));
        var firstDay = await Summary("?from=2025-01-10&to=2025-01-10");
        (firstDay.Json("orders"), firstDay.Json("revenue"), firstDay.Json("pointsIssuedByOrders")).ShouldBe((1L, 1000m, 10L));
    }

    [Fact]
    public async Task Totals_of_days_change_no_figure_however_often_and_late_they_are_summed()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var first = await Placed(guest, staff, 1000, "2025-02-10T09:00:00Z", "north");
        await Placed(guest, staff, 400, "2025-02-10T10:00:00Z", "south");
        var before = await Summary("?from=2025-02-01&to=2025-02-28");

        await EverythingIsSummed();
        var summed = await Summary("?from=2025-02-01&to=2025-02-28");
        await Refunded(staff, first, 1000, "2025-02-10T11:00:00Z");
        await Placed(guest, staff, 200, "2025-02-10T12:00:00Z", "north");
        var live = await Summary("?from=2025-02-01&to=2025-02-28");
        await EverythingIsSummed();
        var again = await Summary("?from=2025-02-01&to=2025-02-28");

        before.Json("revenue").ShouldBe(1400m);
        summed.Body.ShouldBe(before.Body);
        (live.Json("orders"), live.Json("revenue")).ShouldBe((3L, 600m));
        again.Body.ShouldBe(live.Body);
        (await Summary("?from=2025-02-10&to=2025-02-10&shopId=north")).Json("revenue").ShouldBe(200m);
        (await app.Database.Scalar<long>("select sum(orders)::bigint from loyalty.day_totals where day = '2025-02-10'", Ct)).ShouldBe(3);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task An_order_that_is_not_committed_yet_is_counted_once_it_is()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await using var owner = Npgsql.NpgsqlDataSource.Create(app.Database.Owner("loyalty"));
        await using var connection = await owner.OpenConnectionAsync(Ct);
        await using var slow = await connection.BeginTransactionAsync(Ct);
        await using (var insert = new Npgsql.NpgsqlCommand(
            """
            insert into loyalty.orders (user_id, staff_id, code, amount, paid, points_earned, points_spent, balance_after, level_before, level_after,
                roubles_per_point, placed_at)
            values ($1, $2, '000000', 70, 70, 0, 0, 0, 'standard', 'standard', 100, '2025-03-10T09:00:00Z')
            """, connection, slow)
        {
            Parameters = { new() { Value = guest.Value }, new() { Value = staff.Value } },
        })
        {
            await insert.ExecuteNonQueryAsync(Ct);
        }

        await Placed(await app.GivenGuest(), staff, 200, "2025-03-10T09:00:00Z");
        await SumDays();
        await SumDays();
        (await Summary("?from=2025-03-01&to=2025-03-31")).Json("revenue").ShouldBe(200m);

        await slow.CommitAsync(Ct);

        (await Summary("?from=2025-03-01&to=2025-03-31")).Json("revenue").ShouldBe(270m);
        await EverythingIsSummed();
        (await Summary("?from=2025-03-01&to=2025-03-31")).Json("revenue").ShouldBe(270m);
        // It follows no rule, and would be reported. The job sums all days again.
        await app.Database.Execute("delete from loyalty.orders where amount = 70", Ct);
        await app.Database.Execute("update loyalty.day_totals_progress set time_zone = ''", Ct);
    }

    [Fact]
    public async Task Ratings_give_the_mean_and_the_net_promoter_score()
    {
        var guest = await app.GivenGuest();
        foreach (var rating in new[] { 10, 9, 9, 8, 7, 6, 1 })
        {
            await app.Database.Execute(
                "insert into loyalty.feedback (kind, user_id, rating, shop_id, created_at) values ('review', $1, $2, 'north', '2025-04-10T09:00:00Z')",
                Ct, guest.Value, rating);
        }

        var summary = await Summary("?from=2025-04-01&to=2025-04-30");

        // 3 promoters, 2 detractors, of 7.
        (summary.Json("meanRating"), summary.Json("nps")).ShouldBe((7.14m, 14.3m));
        (await Summary("?from=2025-04-10&to=2025-04-10&shopId=north")).Json("nps").ShouldBe(14.3m);
        (await Summary("?from=2025-04-10&to=2025-04-10&shopId=south")).Json("nps").ShouldBeNull();
        (await Summary("?from=2025-04-11&to=2025-04-30")).Json("meanRating").ShouldBeNull();
    }

    [Fact]
    public async Task One_shop_has_its_own_orders_and_guests_and_nothing_of_the_whole_business()
    {
        var (staff, first, second) = (await app.GivenStaff(), await app.GivenGuest(), await app.GivenGuest());
        await Placed(first, staff, 100, "2025-05-10T09:00:00Z", "north");
        await Placed(second, staff, 200, "2025-05-10T09:00:00Z", "south");
        await Placed(second, staff, 300, "2025-05-10T09:00:00Z");

        var north = await Summary("?from=2025-05-01&to=2025-05-31&shopId=north");

        (north.Json("orders"), north.Json("revenue"), north.Json("activeUsers"), north.Json("shopId")).ShouldBe((1L, 100m, 1L, "north"));
        foreach (var figure in new[] { "users", "newUsers", "pointsIssuedManually", "pointsSpentOnRewards", "pointsOutstanding", "giftsIssued", "byLevel" })
        {
            north.Json(figure).ShouldBeNull(figure);
        }

        (await Summary("?from=2025-05-01&to=2025-05-31")).Json("activeUsers").ShouldBe(2L);
    }

    [Fact]
    public async Task Points_are_issued_by_orders_by_hand_and_as_bonuses_and_spent_on_orders_and_rewards()
    {
        var guest = await app.GivenGuest();
        foreach (var (reason, delta) in new[] { ("adjustment", 50), ("adjustment", -20), ("bonus", 10), ("referral", 7), ("reward", -5), ("expiry", -3) })
        {
            await app.Database.Execute(
                """
                insert into loyalty.point_entries (user_id, delta, reason, source_id, balance_after, created_at)
                values ($1, $2, $3, 'test:' || gen_random_uuid(), 100, '2025-06-10T09:00:00Z')
                """, Ct, guest.Value, (long)delta, reason);
        }

        var summary = await Summary("?from=2025-06-01&to=2025-06-30");

        (summary.Json("pointsIssuedManually"), summary.Json("pointsIssuedAsBonuses"), summary.Json("pointsIssued")).ShouldBe((30L, 17L, 47L));
        (summary.Json("pointsSpentOnRewards"), summary.Json("pointsSpent"), summary.Json("pointsExpired")).ShouldBe((5L, 5L, 3L));
        await app.Database.Execute("delete from loyalty.point_entries where user_id = $1", Ct, guest.Value);
    }

    [Fact]
    public async Task Guests_are_counted_now_by_level_and_as_new_on_the_day_they_came()
    {
        var before = await Summary("");
        var (guest, erased) = (await app.GivenGuest(points: 150), await app.GivenGuest());
        await app.Erase(erased);

        var now = await Summary("");

        ((long)now.Json("users")! - (long)before.Json("users")!).ShouldBe(1);
        ((long)now.Json("newUsers")! - (long)before.Json("newUsers")!).ShouldBe(2);
        (Level(now, "silver") - Level(before, "silver")).ShouldBe(1);
        ((long)now.Json("pointsOutstanding")! - (long)before.Json("pointsOutstanding")!).ShouldBe((await app.BalanceOf(guest)).Points);
        ((long)JsonNode.Parse(now.Body)!["byDay"]!.AsArray()[^1]!["newUsers"]!).ShouldBeGreaterThanOrEqualTo(2);

        static long Level(Answer summary, string key) =>
            (long)JsonNode.Parse(summary.Body)!["byLevel"]!.AsArray().Single(item => (string?)item!["level"] == key)!["users"]!;
    }

    [Fact]
    public async Task A_guest_is_active_from_their_order_on()
    {
        var today = $"?from={app.Clock.GetUtcNow():yyyy-MM-dd}";
        var before = (long)(await Summary(today)).Json("activeUsers")!;
        var guest = await app.GivenGuest();
        await app.GivenOrder(guest, await app.GivenStaff(), 100);
        await app.GivenOrder(guest, await app.GivenStaff(), 100);

        ((long)(await Summary(today)).Json("activeUsers")!).ShouldBe(before + 1);
    }

    [Theory]
    [InlineData("?from=2026-02-01&to=2026-01-31", HttpStatusCode.UnprocessableEntity, "period_invalid")]
    [InlineData("?from=yesterday", HttpStatusCode.BadRequest, "validation_failed")]
    public async Task An_invalid_period_is_refused(string query, HttpStatusCode status, string code) =>
        (await app.Call(app.Staff(await app.GivenStaff()), $"/api/loyalty/analytics/summary{query}")).ShouldBeProblem(status, code);

    [Fact]
    public async Task A_period_of_two_centuries_has_no_more_days_than_the_business()
    {
        var summary = await Summary("?from=2000-01-01&to=2199-12-31");

        JsonNode.Parse(summary.Body)!["byDay"]!.AsArray().Count.ShouldBeLessThan(2000);
    }

    [Fact]
    public async Task Guests_do_not_see_the_figures() =>
        (await app.Call(app.Client(await app.GivenGuest()), "/api/loyalty/analytics/summary")).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");

    private async Task<OrderId> Placed(UserId guest, StaffId staff, decimal amount, string at, string? shopId = null)
    {
        var order = await app.GivenOrder(guest, staff, amount);
        await app.Database.Execute(
            "update loyalty.orders set placed_at = $2, shop_id = nullif($3, '') where id = $1", Ct, order.Value, DateTimeOffset.Parse(at, null), shopId ?? "");
        return order;
    }

    private async Task Refunded(StaffId staff, OrderId order, decimal amount, string at)
    {
        (await app.RefundAsAdmin(order, amount)).Status.ShouldBe(HttpStatusCode.OK);
        await app.Database.Execute(
            "update loyalty.refunds set refunded_at = $2, staff_id = $3 where order_id = $1", Ct, order.Value, DateTimeOffset.Parse(at, null), staff.Value);
    }

    /// <summary>Orders are summed when no transaction is open that began before them, be it in another database.</summary>
    private Task EverythingIsSummed() => Eventually.IsTrue(
        async () =>
        {
            await SumDays();
            return await app.Database.Scalar<bool>(
                "select order_id = (select coalesce(max(id), 0) from loyalty.orders) and refund_id = (select coalesce(max(id), 0) from loyalty.refunds) "
                + "from loyalty.day_totals_progress", Ct);
        },
        Ct);

    private async Task SumDays()
    {
        await using var scope = app.Services.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<SumDays>(scope.ServiceProvider).Run(Ct);
    }

    private async Task<Answer> Summary(string query)
    {
        var summary = await app.Call(app.Staff(await app.GivenStaff()), $"/api/loyalty/analytics/summary{query}");
        summary.Status.ShouldBe(HttpStatusCode.OK, summary.Body);
        return summary;
    }

    private static IEnumerable<(string, long, decimal)> Days(Answer summary) => JsonNode.Parse(summary.Body)!["byDay"]!.AsArray()
        .Select(day => ((string)day!["day"]!, (long)day["orders"]!, (decimal)day["revenue"]!));
}
