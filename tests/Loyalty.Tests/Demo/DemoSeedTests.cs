using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Demo;

namespace Platform.Loyalty.Tests.Demo;

public sealed class DemoSeedTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Seeding_demo_data_produces_the_same_chain_each_time()
    {
        (await Seed()).ShouldBe(DemoChain.OrderCount);
        var first = await Everything();
        await app.Database.Execute(
            """
            truncate loyalty.accounts, loyalty.point_lots, loyalty.point_lot_uses, loyalty.shops, loyalty.rewards, loyalty.stamp_cards
                restart identity cascade
            """, Ct);

        (await Seed()).ShouldBe(DemoChain.OrderCount);

        first.Count.ShouldBeGreaterThan(150_000);
        (await Everything()).ShouldBe(first);
    }

    private async Task<long> Seed()
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await DemoSeed.Add(scope.ServiceProvider, Ct);
    }

    private Task<IReadOnlyList<string>> Everything() => app.Database.Column<string>(
        """
        select o::text as thing from loyalty.orders o
        union all select r::text from loyalty.refunds r
        union all select e::text from loyalty.point_entries e
        union all select l::text from loyalty.point_lots l
        union all select g::text from loyalty.gifts g
        union all select s::text from loyalty.stamps s
        union all select f::text from loyalty.feedback f
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
    public async Task Demo_data_is_half_a_year_of_three_shops_that_adds_up_and_leaves_real_guests_alone()
    {
        var real = await app.GivenGuest(points: 77);
        await app.Published<OrderPlaced>(placed => placed.UserId == real);

        var seeded = await app.Run("seed-demo");
        var again = await app.Run("seed-demo");

        seeded.ExitCode.ShouldBe(0, seeded.Output);
        seeded.Output.ShouldContain("orders: 40000 added");
        again.Output.ShouldContain("orders: 0 added");
        const string orders = "loyalty.orders where user_id > 900000";
        (await Count("distinct shop_id", orders)).ShouldBe(3);
        (await Count("distinct staff_id", orders)).ShouldBe(6);
        (await Count("distinct user_id", orders)).ShouldBeGreaterThan(1_200);
        (await Count("*", "loyalty.accounts where user_id > 900000")).ShouldBe(2_000);
        (await Count("*", "loyalty.refunds")).ShouldBeInRange(20, 60);
        (await Count("*", "loyalty.orders where refunded_amount > 0 and refunded_at is null")).ShouldBeGreaterThan(5);
        (await Count("*", $"{orders} and points_spent > 0")).ShouldBeGreaterThan(1_000);
        (await app.Database.Scalar<int>($"select max(placed_at)::date - min(placed_at)::date from {orders}", Ct)).ShouldBeInRange(175, 182);
        (await Count("*", $"{orders} and placed_at > now()")).ShouldBe(0);
        foreach (var (level, atLeast) in new[] { ("standard", 500), ("silver", 100), ("gold", 10), ("platinum", 1) })
        {
            (await Count("*", $"loyalty.accounts where level = '{level}'")).ShouldBeGreaterThanOrEqualTo(atLeast, level);
        }

        foreach (var (kind, atLeast) in new[] { ("review", 1_000), ("idea", 50), ("message", 50) })
        {
            (await Count("*", $"loyalty.feedback where kind = '{kind}'")).ShouldBeGreaterThanOrEqualTo(atLeast, kind);
        }

        foreach (var (reason, atLeast) in new[] { ("level", 100), ("birthday", 100), ("campaign", 1_000), ("manual", 50), ("reward", 30) })
        {
            (await Count("*", $"loyalty.gifts where reason = '{reason}'")).ShouldBeGreaterThanOrEqualTo(atLeast, reason);
        }

        (await Count("*", "loyalty.outbox")).ShouldBe(0);
        (await app.Account(real)).Points.ShouldBe(new Points(77));
        var verified = await app.Run("verify");
        verified.ExitCode.ShouldBe(0, verified.Output);
    }

    private Task<long> Count(string what, string rows) => app.Database.Scalar<long>($"select count({what}) from {rows}", Ct);
}
