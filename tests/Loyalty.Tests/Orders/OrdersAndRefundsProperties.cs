using System.Globalization;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Platform.Contracts;

namespace Platform.Loyalty.Tests.Orders;

/// <summary>Random sequences of one guest's orders and refunds.</summary>
public sealed class OrdersAndRefundsProperties(SharedLoyaltyApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Points_and_debt_follow_from_the_orders_and_full_refunds_reverse_an_order_exactly() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(40).WithEndSize(25),
            Prop.ForAll(Steps().ToArbitrary(), steps => Run(steps).GetAwaiter().GetResult()));

    /// <summary>An order that spends a percentage of the points allowed, or a refund of a percentage of an earlier order.</summary>
    private sealed record Step(bool IsRefund, int Kopecks, int Percent, int Which)
    {
        public override string ToString() => IsRefund
            ? string.Create(CultureInfo.InvariantCulture, $"refund {Percent} % of order {Which}")
            : string.Create(CultureInfo.InvariantCulture, $"order {Kopecks / 100m} with {Percent} % of the points that may be spent");
    }

    /// <summary>A model of an order: what it earns follows from the points kept of the orders before it.</summary>
    private sealed class Placed(OrderId id, decimal paid, long spent, int level, long earned)
    {
        public OrderId Id => id;

        public decimal Paid => paid;

        public decimal Refunded { get; set; }

        public decimal Left => Paid - Refunded;

        /// <summary>Points it earns at the level that remains after refunds.</summary>
        public long Due { get; set; } = earned;

        /// <summary>The level at which it was placed.</summary>
        public int Level => level;

        /// <summary>Earned points that were not taken back.</summary>
        public long Kept => Refunded == Paid && Paid > 0 ? 0 : Due - Part(Due);

        /// <summary>Spent points that were given back.</summary>
        public long Returned => Refunded == Paid && Paid > 0 ? spent : Part(spent);

        public long Net => Kept - spent + Returned;

        private long Part(long points) => Paid == 0 ? 0 : (long)decimal.Floor(points * Refunded / Paid);
    }

    private static readonly (long Threshold, decimal Multiplier)[] Levels = [(0, 1m), (100, 1.05m), (500, 1.1m), (1500, 1.2m)];

    private static readonly string[] LevelNames = ["standard", "silver", "gold", "platinum"];

    private static int LevelOf(long lifetime) => Array.FindLastIndex(Levels, level => level.Threshold <= lifetime);

    private static long Earns(decimal paid, int level) => (long)decimal.Floor(decimal.Floor(paid / 100) * Levels[level].Multiplier);

    private static Gen<List<Step>> Steps() =>
        (from isRefund in Gen.Frequency((3, Gen.Constant(false)), (2, Gen.Constant(true)))
         from kopecks in Gen.OneOf(Gen.Choose(1, 30_000), Gen.Choose(30_000, 2_000_000))
         from percent in Gen.Choose(1, 100)
         from which in Gen.Choose(0, 1000)
         select new Step(isRefund, kopecks, percent, which)).ListOf().Select(steps => steps.ToList());

    private async Task Run(List<Step> steps)
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var orders = new List<Placed>();
        foreach (var step in steps)
        {
            if (!step.IsRefund)
            {
                await Order(step);
            }
            else if (orders.Where(order => order.Left > 0).ToList() is { Count: > 0 } open)
            {
                var order = open[step.Which % open.Count];
                await Refund(order, Math.Max(0.01m, Math.Round(order.Left * step.Percent / 100m, 2)));
            }

            await ShouldHave(orders.Sum(order => order.Net), orders.Sum(order => order.Kept));
        }

        foreach (var order in orders.Where(order => order.Left > 0))
        {
            await Refund(order, null);
        }

        // All orders are refunded in full by now.
        await ShouldHave(net: 0, lifetime: 0);
        await ShouldAddUp(guest);

        async Task Order(Step step)
        {
            var code = await app.GivenCode(guest);
            var amount = step.Kopecks / 100m;
            var most = (long)(await app.Preview(staff, new { code, amount })).Json("maxPoints")!;
            var placed = await app.PlaceOrder(staff, new { code, amount, spendPoints = most * step.Percent / 100 });
            placed.Status.ShouldBe(HttpStatusCode.Created, placed.Body);
            var spent = (long)placed.Json("pointsSpent")!;
            var level = LevelOf(orders.Sum(order => order.Kept));
            var earned = Earns(amount - spent, level);
            placed.Json("pointsEarned").ShouldBe(earned);
            orders.Add(new Placed(new OrderId((long)placed.Json("orderId")!), amount - spent, spent, level, earned));
        }

        async Task Refund(Placed order, decimal? amount)
        {
            var (kept, returned, keptLater) = (order.Kept, order.Returned, orders.Sum(other => other.Kept) - order.Kept);
            var refund = await app.RefundAsAdmin(order.Id, amount);
            refund.Status.ShouldBe(HttpStatusCode.OK, refund.Body);
            order.Refunded += amount ?? order.Left;
            foreach (var (index, later) in orders.Index().Skip(orders.IndexOf(order) + 1))
            {
                var reached = LevelOf(orders.Take(index).Sum(before => before.Kept));
                if (reached < later.Level)
                {
                    later.Due = Math.Min(later.Due, Earns(later.Paid, reached));
                }
            }

            refund.Json("pointsTakenBack").ShouldBe(kept - order.Kept);
            refund.Json("pointsReturned").ShouldBe(order.Returned - returned);
            refund.Json("pointsCorrected").ShouldBe(keptLater - (orders.Sum(other => other.Kept) - order.Kept));
        }

        async Task ShouldHave(long net, long lifetime)
        {
            (await app.BalanceOf(guest)).ShouldBe((Math.Max(net, 0), Math.Max(-net, 0)));
            var account = await app.GetMyAccount(guest);
            (account.Json("lifetimePoints"), account.Json("level")).ShouldBe((lifetime, LevelNames[LevelOf(lifetime)]));
        }
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
            where o.user_id = $1 and (o.paid, o.points_earned - o.points_corrected, o.points_spent) <> (
                select sum(amount), sum(points_taken_back), sum(points_returned) from loyalty.refunds r where r.order_id = o.id)
            """,
            Ct, guest.Value);
        wrong.ShouldBeEmpty();
        (await app.RowsThatDiffer()).ShouldBe(0);
    }
}
