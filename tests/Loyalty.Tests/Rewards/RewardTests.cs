using System.Net;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Platform.Contracts;
using Platform.Contracts.Loyalty;

namespace Platform.Loyalty.Tests.Rewards;

public sealed class RewardTests(SharedLoyaltyApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reward_is_paid_with_points_and_becomes_a_gift()
    {
        var (guest, reward) = (await app.GivenGuest(points: 50), await app.GivenReward(cost: 30, stock: 5));

        var bought = await app.BuyReward(guest, reward);

        bought.Status.ShouldBe(HttpStatusCode.Created, bought.Body);
        (bought.Json("title"), bought.Json("cost"), bought.Json("balance")).ShouldBe(("Термокружка", 30L, 20L));
        (await app.BalanceOf(guest)).Points.ShouldBe(20);
        (await app.ListedGifts(guest)).ShouldBe([("Термокружка", "reward", "available")]);
        var gift = new GiftId((long)bought.Json("giftId")!);
        (await app.Published<GiftIssued>(issued => issued.GiftId == gift)).Reason.ShouldBe("reward");
        (await app.Published<PointsChanged>(changed => changed.UserId == guest)).Delta.ShouldBe(new Points(-30));
        (await app.RedeemGift(app.Staff(await app.GivenStaff()), gift)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Too_few_points_buy_nothing()
    {
        var (guest, reward) = (await app.GivenGuest(points: 9), await app.GivenReward(cost: 10, stock: 1));

        var refused = await app.BuyReward(guest, reward);

        refused.ShouldBeProblem(HttpStatusCode.Conflict, "not_enough_points");
        refused.Json("balance").ShouldBe(9L);
        (await app.BalanceOf(guest)).Points.ShouldBe(9);
        (await StockOf(reward)).ShouldBe((1, 0L));
    }

    [Fact]
    public async Task Fifty_buyers_of_the_last_one_leave_one_winner_and_the_others_keep_their_points()
    {
        var reward = await app.GivenReward(cost: 10, stock: 1);
        var guests = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.GivenGuest(points: 10)));

        var answers = await Task.WhenAll(guests.Select(guest => app.BuyReward(guest, reward)));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        foreach (var refused in answers.Where(answer => answer.Status != HttpStatusCode.Created))
        {
            refused.ShouldBeProblem(HttpStatusCode.Conflict, "out_of_stock");
        }

        (await StockOf(reward)).ShouldBe((0, 1L));
        (await Task.WhenAll(guests.Select(app.BalanceOf))).Sum(balance => balance.Points).ShouldBe(490);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Points_for_one_reward_buy_one_of_twenty_at_once()
    {
        var (guest, reward) = (await app.GivenGuest(points: 10), await app.GivenReward(cost: 10));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.BuyReward(guest, reward)));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        (await app.BalanceOf(guest)).Points.ShouldBe(0);
    }

    [Fact]
    public async Task A_repeated_key_buys_once_and_answers_as_the_first_time()
    {
        var (guest, reward, key) = (await app.GivenGuest(points: 50), await app.GivenReward(cost: 10), $"{Guid.NewGuid()}");

        var first = await app.BuyReward(guest, reward, key);
        await app.GivenOrder(guest, await app.GivenStaff(), 1000);
        var again = await app.BuyReward(guest, reward, key);
        var other = await app.BuyReward(guest, await app.GivenReward(), key);

        again.Body.ShouldBe(first.Body);
        other.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await app.ListedGifts(guest)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_reward_that_is_not_offered_is_not_found()
    {
        var guest = await app.GivenGuest(points: 50);

        (await app.BuyReward(guest, await app.GivenReward(active: false))).ShouldBeProblem(HttpStatusCode.NotFound, "reward_not_found");
        (await app.BuyReward(guest, new RewardId(8_000_000_004))).ShouldBeProblem(HttpStatusCode.NotFound, "reward_not_found");
    }

    [Fact]
    public async Task The_catalogue_shows_what_the_guest_can_afford_and_hides_what_is_off()
    {
        var guest = await app.GivenGuest(points: 20);
        var (cheap, dear, off) = (await app.GivenReward(cost: 20), await app.GivenReward(cost: 21, stock: 0), await app.GivenReward(active: false));

        var items = JsonNode.Parse((await app.Call(app.Client(guest), "/api/loyalty/rewards")).Body)!["items"]!.AsArray();

        JsonNode? Shown(RewardId reward) => items.SingleOrDefault(item => (long)item!["rewardId"]! == reward.Value);
        ((bool)Shown(cheap)!["affordable"]!).ShouldBeTrue();
        ((bool)Shown(dear)!["affordable"]!).ShouldBeFalse();
        ((int)Shown(dear)!["stock"]!).ShouldBe(0);
        Shown(off).ShouldBeNull();
    }

    [Fact]
    public async Task The_owner_edits_rewards_and_every_edit_is_audited()
    {
        var reward = await app.GivenReward(cost: 10, stock: 3);

        var updated = await app.Put(app.Owner(), $"/api/loyalty/rewards/{reward}", new { title = "Кружка", cost = 15, stock = 7, active = false });

        updated.Status.ShouldBe(HttpStatusCode.OK, updated.Body);
        (updated.Json("title"), updated.Json("cost"), updated.Json("stock"), updated.Json("active")).ShouldBe(("Кружка", 15L, 7L, false));
        (await app.Call(app.Owner(), "/api/loyalty/rewards/all")).Body.ShouldContain($"\"rewardId\":{reward},\"title\":\"Кружка\"");
        (await app.Database.Column<string>("select action from loyalty.audit where target = $1 order by id", Ct, $"reward:{reward}"))
            .ShouldBe(["reward.create", "reward.update"]);
        (await app.Put(app.Manager(await app.GivenStaff()), $"/api/loyalty/rewards/{reward}", new { title = "Кружка", cost = 1, active = true }))
            .ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        (await app.Put(app.Owner(), "/api/loyalty/rewards/8000000004", new { title = "Кружка", cost = 15, active = true }))
            .ShouldBeProblem(HttpStatusCode.NotFound, "reward_not_found");
    }

    [Fact]
    public void Points_stock_and_gifts_follow_from_the_purchases() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(8).WithEndSize(20),
        Prop.ForAll(Gen.Choose(0, 3).ListOf().ToArbitrary(), steps => Run([.. steps.Take(30)]).GetAwaiter().GetResult()));

    /// <param name="steps">0 is a purchase, 1 a delivery of one more, and anything else an order of 300.</param>
    private async Task Run(IReadOnlyList<int> steps)
    {
        const int Cost = 4;
        var (guest, staff, reward) = (await app.GivenGuest(), await app.GivenStaff(), await app.GivenReward(Cost, stock: 1));
        var (points, stock, sold) = (0L, 1, 0L);
        foreach (var step in steps)
        {
            if (step == 0)
            {
                var (answer, can) = (await app.BuyReward(guest, reward), points >= Cost && stock > 0);
                answer.Status.ShouldBe(can ? HttpStatusCode.Created : HttpStatusCode.Conflict, answer.Body);
                (points, stock, sold) = can ? (points - Cost, stock - 1, sold + 1) : (points, stock, sold);
            }
            else if (step == 1)
            {
                stock++;
                await app.Put(app.Owner(), $"/api/loyalty/rewards/{reward}", new { title = "Термокружка", cost = Cost, stock, active = true });
            }
            else
            {
                await app.GivenOrder(guest, staff, 300);
                points += 3;
            }

            (await app.BalanceOf(guest)).Points.ShouldBe(points);
            (await StockOf(reward)).ShouldBe((stock, sold));
            (await app.ListedGifts(guest)).Count.ShouldBe((int)sold);
        }

        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    private async Task<(int Stock, long Sold)> StockOf(RewardId reward) => (
        await app.Database.Scalar<int>("select stock from loyalty.rewards where id = $1", Ct, reward.Value),
        await app.Database.Scalar<long>("select sold from loyalty.rewards where id = $1", Ct, reward.Value));
}
