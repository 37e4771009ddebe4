using System.Globalization;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Platform.Contracts;

namespace Platform.Loyalty.Tests.Orders;

/// <summary>Whatever is ordered and refunded in whatever order, by one guest with himself.</summary>
public sealed class OrdersAndRefundsProperties(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Points_and_debt_follow_from_the_orders_and_all_refunds_of_an_order_are_exactly_what_it_did() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(40).WithEndSize(25),
            Prop.ForAll(Steps().ToArbitrary(), steps => Take(steps).GetAwaiter().GetResult()));

    /// <summary>An order of so many kopecks of which a share of what may be is paid by points, or a refund of a part of an earlier order.</summary>
    private sealed record Step(bool IsRefund, int Kopecks, int Percent, int Which)
    {
        public override string ToString() => IsRefund
            ? string.Create(CultureInfo.InvariantCulture, $"refund {Percent} % of order {Which}")
            : string.Create(CultureInfo.InvariantCulture, $"order {Kopecks / 100m} with {Percent} % of the points that may be spent");
    }

    /// <summary>What the test expects of an order, from what the service said when it was placed.</summary>
    private sealed class Placed(OrderId id, decimal paid, long earned, long spent)
    {
        public OrderId Id => id;

        public decimal Left { get; set; } = paid;

        public long EarnedLeft { get; set; } = earned;

        public long SpentLeft { get; set; } = spent;
    }

    private static Gen<List<Step>> Steps() =>
        (from isRefund in Gen.Frequency((3, Gen.Constant(false)), (2, Gen.Constant(true)))
         from kopecks in Gen.OneOf(Gen.Choose(1, 30_000), Gen.Choose(30_000, 2_000_000))
         from percent in Gen.Choose(1, 100)
         from which in Gen.Choose(0, 1000)
         select new Step(isRefund, kopecks, percent, which)).ListOf().Select(steps => steps.ToList());

    private async Task Take(List<Step> steps)
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var orders = new List<Placed>();
        // What he has less what he owes.
        var net = 0L;
        foreach (var step in steps)
        {
            if (!step.IsRefund)
            {
                net += await Order(step);
            }
            else if (orders.Where(order => order.Left > 0).ToList() is { Count: > 0 } open)
            {
                var order = open[step.Which % open.Count];
                net += await Refund(order, Math.Max(0.01m, Math.Round(order.Left * step.Percent / 100m, 2)));
            }
        }

        foreach (var order in orders.Where(order => order.Left > 0))
        {
            net += await Refund(order, null);
            order.EarnedLeft.ShouldBe(0);
            order.SpentLeft.ShouldBe(0);
        }

        // Each order was given back with all that it had done.
        net.ShouldBe(0);
        var account = await app.GetMyAccount(guest);
        (account.Json("points"), account.Json("debt"), account.Json("lifetimePoints"), account.Json("level")).ShouldBe((0L, 0L, 0L, "standard"));
        await ShouldAddUp(guest);

        async Task<long> Order(Step step)
        {
            var code = await app.GivenCode(guest);
            var amount = step.Kopecks / 100m;
            var most = (long)(await app.Preview(staff, new { code, amount })).Json("maxPoints")!;
            var placed = await app.PlaceOrder(staff, new { code, amount, spendPoints = most * step.Percent / 100 });
            placed.Status.ShouldBe(HttpStatusCode.Created, placed.Body);
            var (earned, spent) = ((long)placed.Json("pointsEarned")!, (long)placed.Json("pointsSpent")!);
            orders.Add(new Placed(new OrderId((long)placed.Json("orderId")!), amount - spent, earned, spent));
            await ShouldHave(net + earned - spent);
            return earned - spent;
        }

        async Task<long> Refund(Placed order, decimal? amount)
        {
            var refund = await app.RefundAsAdmin(order.Id, amount);
            refund.Status.ShouldBe(HttpStatusCode.OK, refund.Body);
            var (takenBack, returned) = ((long)refund.Json("pointsTakenBack")!, (long)refund.Json("pointsReturned")!);
            takenBack.ShouldBeInRange(0, order.EarnedLeft);
            returned.ShouldBeInRange(0, order.SpentLeft);
            order.Left -= amount ?? order.Left;
            order.EarnedLeft -= takenBack;
            order.SpentLeft -= returned;
            await ShouldHave(net + returned - takenBack);
            return returned - takenBack;
        }

        async Task ShouldHave(long expected) =>
            (await app.BalanceOf(guest)).ShouldBe((Math.Max(expected, 0), Math.Max(-expected, 0)));
    }

    private async Task ShouldAddUp(UserId guest)
    {
        var wrong = await app.Database.Column<string>(
            """
            select format('%s: %s', a.user_id, a) from loyalty.accounts a
            where a.user_id = $1 and (a.points, a.debt) <> (
                select coalesce(sum(delta), 0), coalesce(sum(debt_delta), 0) from loyalty.point_entries e where e.user_id = a.user_id)
            union all
            select format('%s: chain', id) from (
                select id, delta, balance_after, coalesce(lag(balance_after) over (order by id), 0) as before
                from loyalty.point_entries where user_id = $1) chain
            where balance_after <> before + delta or balance_after < 0
            union all
            select format('%s: refunds', o.id) from loyalty.orders o
            where o.user_id = $1 and (o.paid, o.points_earned, o.points_spent) <> (
                select sum(amount), sum(points_taken_back), sum(points_returned) from loyalty.refunds r where r.order_id = o.id)
            """,
            Ct, guest.Value);
        wrong.ShouldBeEmpty();
    }
}
