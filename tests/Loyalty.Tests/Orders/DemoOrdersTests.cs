using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Orders;

namespace Platform.Loyalty.Tests.Orders;

public sealed class DemoOrdersTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Seeding_demo_orders_produces_the_same_orders_each_time()
    {
        (await Seed()).ShouldBe(DemoOrders.Count);
        var first = await Everything();
        await app.Database.Execute(
            """
            truncate loyalty.accounts, loyalty.adjustments, loyalty.payment_codes, loyalty.orders, loyalty.refunds,
                loyalty.point_entries, loyalty.point_lots, loyalty.point_lot_uses, loyalty.gifts, loyalty.stamps,
                loyalty.feedback, loyalty.replies restart identity
            """, Ct);

        (await Seed()).ShouldBe(DemoOrders.Count);

        first.Count.ShouldBeGreaterThan(4_000);
        (await Everything()).ShouldBe(first);
    }

    private async Task<long> Seed()
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await DemoOrders.Add(scope.ServiceProvider, Ct);
    }

    private Task<IReadOnlyList<string>> Everything() => app.Database.Column<string>(
        """
        select o::text as thing from loyalty.orders o
        union all select r::text from loyalty.refunds r
        union all select e::text from loyalty.point_entries e
        union all select a::text from loyalty.accounts a
        order by thing
        """,
        Ct);
}

/// <summary>Runs the verb in a process, as an operator does.</summary>
public sealed class SeedDemoTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Demo_data_covers_a_year_four_shops_four_levels_and_refunds_and_leaves_real_guests_alone()
    {
        var real = await app.GivenGuest(points: 77);
        await app.Published<OrderPlaced>(placed => placed.UserId == real);

        var seeded = await app.Run("seed-demo");
        var again = await app.Run("seed-demo");

        seeded.ExitCode.ShouldBe(0, seeded.Output);
        seeded.Output.ShouldContain("orders: 2000 added");
        again.Output.ShouldContain("orders: 0 added");
        (await Count("distinct shop_id", "loyalty.orders where user_id > 900000")).ShouldBe(4);
        (await Count("distinct staff_id", "loyalty.orders where user_id > 900000")).ShouldBe(2);
        (await Count("distinct user_id", "loyalty.orders where user_id > 900000")).ShouldBeGreaterThan(150);
        (await Count("*", "loyalty.accounts where user_id > 900000")).ShouldBe(200);
        (await Count("*", "loyalty.refunds")).ShouldBeInRange(15, 30);
        (await Count("*", "loyalty.orders where refunded_amount > 0 and refunded_at is null")).ShouldBeGreaterThan(5);
        (await Count("*", "loyalty.orders where points_spent > 0")).ShouldBeGreaterThan(100);
        (await app.Database.Scalar<int>("select max(placed_at)::date - min(placed_at)::date from loyalty.orders where user_id > 900000", Ct))
            .ShouldBeInRange(340, 365);
        (await Count("*", "loyalty.orders where user_id > 900000 and placed_at > now()")).ShouldBe(0);
        foreach (var (level, atLeast) in new[] { ("standard", 50), ("silver", 20), ("gold", 5), ("platinum", 1) })
        {
            (await Count("*", $"loyalty.accounts where level = '{level}'")).ShouldBeGreaterThanOrEqualTo(atLeast, level);
        }

        (await Count("*", "loyalty.outbox")).ShouldBe(0);
        (await app.Account(real)).Points.ShouldBe(new Points(77));
        (await app.Verify()).ShouldBe(0);
    }

    private Task<long> Count(string what, string rows) => app.Database.Scalar<long>($"select count({what}) from {rows}", Ct);
}
