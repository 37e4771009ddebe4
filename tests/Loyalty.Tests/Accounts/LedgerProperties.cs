using System.Globalization;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Platform.Contracts;
using Platform.Loyalty.Accounts;

namespace Platform.Loyalty.Tests.Accounts;

/// <summary>
/// Random histories of one guest: orders, refunds, adjustments, rewards, months without an order, campaigns, edited levels. After each step
/// everything that <c>verify</c> checks must hold, and the lots must be those of a simple model. A failure shows the seed and the steps.
/// </summary>
public sealed class LedgerProperties(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void The_ledger_adds_up_after_every_step_of_any_history() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(25).WithEndSize(25),
            Prop.ForAll(Steps().ToArbitrary(), steps => Run(steps).GetAwaiter().GetResult()));

    private enum Kind
    {
        Order,
        Refund,
        Adjust,
        Wait,
        EditLevels,
        Campaign,
    }

    private sealed record Step(Kind Kind, int Kopecks, int Percent, int Which)
    {
        /// <summary>Between those of the levels below and above, as the service requires.</summary>
        public decimal SilverMultiplier => 1 + (Percent % 11 / 100m);

        public override string ToString() => Kind switch
        {
            Kind.Order => string.Create(CultureInfo.InvariantCulture, $"order {Kopecks / 100m} with {Percent} % of the points that may be spent"),
            Kind.Refund => $"refund {Percent} % of order {Which}",
            Kind.Adjust => $"{(Which % 2 == 0 ? "give" : "take")} {Percent} points{(Which % 3 == 0 ? " for a month" : "")}",
            Kind.Wait => $"wait {Percent % 14} months",
            Kind.EditLevels => string.Create(CultureInfo.InvariantCulture, $"silver from {Which + 1} points, times {SilverMultiplier}"),
            _ => $"campaign, {(Which % 2 == 0 ? "bonus" : "times")} {Percent}",
        };
    }

    private static Gen<List<Step>> Steps() =>
        (from kind in Gen.Frequency(
             (6, Gen.Constant(Kind.Order)), (4, Gen.Constant(Kind.Refund)), (3, Gen.Constant(Kind.Adjust)),
             (2, Gen.Constant(Kind.Wait)), (1, Gen.Constant(Kind.EditLevels)), (1, Gen.Constant(Kind.Campaign)))
         from kopecks in Gen.OneOf(Gen.Choose(1, 30_000), Gen.Choose(30_000, 2_000_000))
         from percent in Gen.Choose(1, 100)
         from which in Gen.Choose(0, 300)
         select new Step(kind, kopecks, percent, which)).ListOf().Select(steps => steps.ToList());

    private async Task Run(List<Step> steps)
    {
        await app.Database.Execute("update loyalty.campaigns set active = false", Ct);
        await app.Database.Execute("update loyalty.levels set threshold = 100, earn_multiplier = 1.05 where key = 'silver'", Ct);
        await app.AsService<long>("select raise_levels($1, null)", app.Clock.GetUtcNow());
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var orders = new List<OrderId>();
        foreach (var (index, step) in steps.Index())
        {
            var before = await Lots(guest);
            switch (step.Kind)
            {
                case Kind.Order:
                    await Order(step, before);
                    break;
                case Kind.Refund when orders.Count > 0:
                    await Refund(orders[step.Which % orders.Count], step.Percent);
                    break;
                case Kind.Adjust:
                    await Adjust(step, index, before);
                    break;
                case Kind.Wait:
                    app.Clock.Advance(TimeSpan.FromDays(30 * (step.Percent % 14)));
                    await app.RunJob<ExpirePoints>();
                    (await app.AsService<long>("select count(*) from guests_with_points_expiring(null, $1, 0, 100)", app.Clock.GetUtcNow())).ShouldBe(0);
                    break;
                case Kind.EditLevels:
                    await app.Database.Execute(
                        "update loyalty.levels set threshold = $1, earn_multiplier = $2 where key = 'silver'", Ct, step.Which + 1L, step.SilverMultiplier);
                    await app.AsService<long>("select raise_levels($1, null)", app.Clock.GetUtcNow());
                    break;
                case Kind.Campaign:
                    await app.GivenCampaign(
                        step.ToString(),
                        step.Which % 2 == 0
                            ? $"bonus_points = {step.Percent}"
                            : string.Create(CultureInfo.InvariantCulture, $"multiplier = {step.Percent / 20m}"),
                        endsIn: TimeSpan.FromDays(50));
                    break;
                default:
                    break;
            }

            (await app.RowsThatDiffer()).ShouldBe(0, $"after step {index}: {step}");
            var (points, debt) = await app.BalanceOf(guest);
            (points >= 0 && debt >= 0 && (points == 0 || debt == 0)).ShouldBeTrue();
        }

        foreach (var order in orders)
        {
            await Refund(order, 100);
        }

        // Only what was given by hand is left, as far as it was not taken or has expired.
        (await app.RowsThatDiffer()).ShouldBe(0);
        var account = await app.GetMyAccount(guest);
        (account.Json("lifetimePoints"), account.Json("level")).ShouldBe((0L, "standard"));

        async Task Order(Step step, List<long> before)
        {
            var amount = step.Kopecks / 100m;
            var code = await app.GivenCode(guest);
            var most = (long)(await app.Preview(staff, new { code, amount })).Json("maxPoints")!;
            var spendPoints = most * step.Percent / 100;
            var preview = await app.Preview(staff, new { code, amount, spendPoints });
            var debt = (await app.BalanceOf(guest)).Debt;

            var placed = await app.PlaceOrder(
                staff, new { code, amount, spendPoints, quoteId = step.Which % 2 == 0 ? preview.Json("quoteId") : null });

            placed.Status.ShouldBe(HttpStatusCode.Created, placed.Body);
            placed.Json("pointsEarned").ShouldBe(preview.Json("pointsEarned"));
            orders.Add(new OrderId((long)placed.Json("orderId")!));
            var earned = (long)placed.Json("pointsEarned")! - Math.Min(debt, (long)placed.Json("pointsEarned")!);
            (await Lots(guest)).ShouldBe([.. Taken(before, spendPoints), .. earned > 0 ? [earned] : Array.Empty<long>()]);
        }

        async Task Refund(OrderId order, int percent)
        {
            var left = await app.Database.Scalar<decimal>("select paid - refunded_amount from loyalty.orders where id = $1", Ct, order.Value);
            var refund = await app.RefundAsAdmin(order, percent == 100 || left == 0 ? null : Math.Max(0.01m, Math.Round(left * percent / 100m, 2)));
            (refund.Status == HttpStatusCode.OK || Equals(refund.Json("code"), "order_refunded")).ShouldBeTrue(refund.Body);
        }

        async Task Adjust(Step step, int index, List<long> before)
        {
            var change = step.Which % 2 == 0 ? step.Percent : -step.Percent;
            var debt = (await app.BalanceOf(guest)).Debt;
            var outcome = await app.ChangePoints(
                guest, change, "adjustment", $"step {index}", step.Which % 3 == 0 ? app.Clock.GetUtcNow().AddMonths(1) : null);
            if (change > 0)
            {
                var added = Math.Max(0, change - debt);
                (await Lots(guest)).ShouldBe([.. before, .. added > 0 ? [added] : Array.Empty<long>()]);
            }
            else if (before.Sum() < -change)
            {
                outcome.ShouldStartWith("not_enough_points");
                (await Lots(guest)).ShouldBe(before);
            }
            else
            {
                (await Lots(guest)).ShouldBe(Taken(before, -change));
            }
        }
    }

    /// <summary>First in, first out.</summary>
    private static IEnumerable<long> Taken(IEnumerable<long> lots, long points)
    {
        foreach (var lot in lots)
        {
            var taken = Math.Min(lot, points);
            points -= taken;
            yield return lot - taken;
        }
    }

    /// <summary>What is left of the guest's lots, oldest first.</summary>
    private async Task<List<long>> Lots(UserId guest) =>
        [.. await app.Database.Column<long>("select points_left from loyalty.point_lots where user_id = $1 order by entry_id", Ct, guest.Value)];
}
