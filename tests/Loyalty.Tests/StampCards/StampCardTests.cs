using System.Net;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.StampCards;
using Platform.Testing;

namespace Platform.Loyalty.Tests.StampCards;

/// <summary>Needs its own host: an active card stamps the orders of all guests.</summary>
public sealed class StampCardTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>, IAsyncLifetime
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The next test begins without a card that is on.</summary>
    public async ValueTask DisposeAsync() => await app.Database.Execute("update loyalty.stamp_cards set active = false", Ct);

    [Fact]
    public async Task Every_third_order_is_free()
    {
        var card = await app.GivenStampCard(n: 3);
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());

        await app.GivenOrder(guest, staff, 300);
        await Stamped(guest, card, 1);
        (await app.ListedGifts(guest)).ShouldBeEmpty();
        await app.GivenOrder(guest, staff, 300);

        await Listed(guest, [("Кофе в подарок", "campaign", "available")]);
        await Stamped(guest, card, 0);
        await app.GivenOrder(guest, staff, 300);
        await app.GivenOrder(guest, staff, 300);
        await Listed(guest, [("Кофе в подарок", "campaign", "available"), ("Кофе в подарок", "campaign", "available")]);
    }

    [Fact]
    public async Task An_order_is_stamped_once_and_events_may_come_twice_and_in_any_order()
    {
        var card = await app.GivenStampCard(n: 3);
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 300);
        await Stamped(guest, card, 1);

        await Handles(nameof(StampOrder), Placed(guest, order));
        await Stamped(guest, card, 1);
        (await app.Refund(staff, order)).Status.ShouldBe(HttpStatusCode.OK);
        await Stamped(guest, card, 0);
        await Handles(nameof(StampOrder), Placed(guest, order));

        await Stamped(guest, card, 0);
    }

    [Fact]
    public async Task A_refund_takes_the_stamp_and_the_gift_that_it_made()
    {
        var card = await app.GivenStampCard(n: 3);
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.GivenOrder(guest, staff, 300);
        var order = await app.GivenOrder(guest, staff, 300);
        await Listed(guest, [("Кофе в подарок", "campaign", "available")]);

        await app.Refund(staff, order, 100);
        await app.Refund(staff, order);

        await Listed(guest, []);
        await Stamped(guest, card, 1);
        await app.GivenOrder(guest, staff, 300);
        await Listed(guest, [("Кофе в подарок", "campaign", "available")]);
    }

    [Fact]
    public async Task A_redeemed_gift_stays_and_the_missing_stamp_is_earned_again()
    {
        var card = await app.GivenStampCard(n: 3);
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.GivenOrder(guest, staff, 300);
        var order = await app.GivenOrder(guest, staff, 300);
        await Listed(guest, [("Кофе в подарок", "campaign", "available")]);
        var gift = await app.Database.Scalar<long>("select id from loyalty.gifts where user_id = $1", Ct, guest.Value);
        (await app.RedeemGift(app.Staff(staff), new GiftId(gift))).Status.ShouldBe(HttpStatusCode.OK);

        var handled = await app.HandledBy(nameof(UnstampOrder));
        await app.Refund(staff, order);
        await Eventually.Get(() => app.HandledBy(nameof(UnstampOrder)), now => now > handled, Ct);

        (await app.ListedGifts(guest)).ShouldBe([("Кофе в подарок", "campaign", "redeemed")]);
        await Stamped(guest, card, 0);
        await app.GivenOrder(guest, staff, 300);
        await app.GivenOrder(guest, staff, 300);
        await Stamped(guest, card, 1);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task A_card_that_is_off_stamps_nothing_and_guests_do_not_see_it()
    {
        var card = await app.GivenStampCard(n: 2);
        (await app.Put(app.Owner(), $"/api/loyalty/stamp-cards/{card}", new { title = "Каждый второй", n = 2, reward = "Чай", active = false }))
            .Status.ShouldBe(HttpStatusCode.OK);
        var (guest, handled) = (await app.GivenGuest(), await app.HandledBy(nameof(StampOrder)));

        await app.GivenOrder(guest, await app.GivenStaff(), 300);
        await Eventually.Get(() => app.HandledBy(nameof(StampOrder)), now => now > handled, Ct);

        (await app.ListedGifts(guest)).ShouldBeEmpty();
        (await app.Call(app.Client(guest), "/api/loyalty/stamp-cards")).Body.ShouldBe("""{"items":[]}""");
        (await app.Call(app.Owner(), "/api/loyalty/stamp-cards")).Body.ShouldContain("Каждый второй");
        (await app.Put(app.Owner(), "/api/loyalty/stamp-cards/8000000005", new { title = "Ничей", n = 2, reward = "Чай", active = true }))
            .ShouldBeProblem(HttpStatusCode.NotFound, "stamp_card_not_found");
    }

    [Fact]
    public async Task Orders_of_before_the_card_are_not_stamped()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 300);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var card = await app.GivenStampCard(n: 3);

        await Handles(nameof(StampOrder), Placed(guest, order));

        await Stamped(guest, card, 0);
    }

    [Fact]
    public void Gifts_follow_from_the_orders_that_were_not_refunded() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(8).WithEndSize(14),
        Prop.ForAll(Gen.Choose(0, 3).ListOf().ToArbitrary(), steps => Run([.. steps]).GetAwaiter().GetResult()));

    /// <param name="steps">0 refunds the oldest order left; anything else is an order.</param>
    private async Task Run(IReadOnlyList<int> steps)
    {
        await app.Database.Execute("update loyalty.stamp_cards set active = false", Ct);
        var card = await app.GivenStampCard(n: 3);
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var orders = new Queue<OrderId>();
        foreach (var step in steps)
        {
            if (step > 0)
            {
                orders.Enqueue(await app.GivenOrder(guest, staff, 300));
            }
            else if (orders.TryDequeue(out var order))
            {
                (await app.Refund(staff, order)).Status.ShouldBe(HttpStatusCode.OK);
            }

            await Eventually.Passes(async () => (await app.ListedGifts(guest)).Count.ShouldBe(orders.Count / 2), Ct);
            await Stamped(guest, card, orders.Count % 2);
        }

        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    private OrderPlaced Placed(UserId guest, OrderId order) => new()
    {
        OrderId = order,
        UserId = guest,
        Amount = new Money(300),
        Paid = new Money(300),
        PointsEarned = new Points(3),
        PointsSpent = Points.Zero,
        Balance = new Points(3),
        PlacedAt = app.Clock.GetUtcNow(),
    };

    private async Task Handles(string handler, OrderPlaced happened)
    {
        var handled = await app.HandledBy(handler);
        await app.Broker.Publish(happened, Ct);
        await Eventually.Get(() => app.HandledBy(handler), now => now > handled, Ct);
    }

    private Task Stamped(UserId guest, StampCardId card, int stamps) => Eventually.Passes(
        async () =>
        {
            var items = JsonNode.Parse((await app.Call(app.Client(guest), "/api/loyalty/accounts/me/stamps")).Body)!["items"]!.AsArray();
            ((int)items.Single(item => (long)item!["stampCardId"]! == card.Value)!["stamps"]!).ShouldBe(stamps);
        },
        Ct);

    private Task Listed(UserId guest, IReadOnlyList<(string, string, string)> gifts) =>
        Eventually.Passes(async () => (await app.ListedGifts(guest)).ShouldBe(gifts), Ct);
}
