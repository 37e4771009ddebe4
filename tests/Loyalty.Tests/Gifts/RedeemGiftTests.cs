using System.Net;
using Platform.Contracts;
using Platform.Contracts.Loyalty;

namespace Platform.Loyalty.Tests.Gifts;

/// <summary>Needs its own host, since it moves the clock.</summary>
public sealed class RedeemGiftTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_gift_is_redeemed_once_and_published()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var gift = await app.GivenGift(guest);

        var redeemed = await app.RedeemGift(app.Staff(staff), gift);

        redeemed.Status.ShouldBe(HttpStatusCode.OK, redeemed.Body);
        (redeemed.Json("giftId"), redeemed.Json("title"), redeemed.Json("userId"), redeemed.Json("name"))
            .ShouldBe((gift.Value, "Капучино", guest.Value, "Анна П."));
        (await app.RedeemGift(app.Staff(await app.GivenStaff()), gift)).ShouldBeProblem(HttpStatusCode.Conflict, "gift_redeemed");
        (await app.ListedGifts(guest)).ShouldBe([("Капучино", "manual", "redeemed")]);
        (await app.Published<GiftRedeemed>(published => published.GiftId == gift)).UserId.ShouldBe(guest);
        (await app.Database.Scalar<long>("select count(*) from loyalty.audit where action = 'gift.redeem' and target = $1", Ct, $"user:{guest}")).ShouldBe(1);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Fifty_redemptions_of_one_gift_have_one_winner_and_the_others_learn_why()
    {
        var gift = await app.GivenGift(await app.GivenGuest());
        var staff = new List<HttpClient>();
        for (var barista = 0; barista < 50; barista++)
        {
            staff.Add(app.Staff(await app.GivenStaff()));
        }

        var answers = await Task.WhenAll(staff.Select(barista => app.RedeemGift(barista, gift)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        foreach (var refused in answers.Where(answer => answer.Status != HttpStatusCode.OK))
        {
            refused.ShouldBeProblem(HttpStatusCode.Conflict, "gift_redeemed");
        }
    }

    [Fact]
    public async Task An_expired_gift_is_refused_and_listed_as_expired()
    {
        var guest = await app.GivenGuest();
        var gift = await app.GivenGift(guest, validDays: 1);
        app.Clock.Advance(TimeSpan.FromHours(35));
        (await app.ListedGifts(guest)).Single().State.ShouldBe("available");
        app.Clock.Advance(TimeSpan.FromDays(1));

        (await app.RedeemGift(app.Staff(await app.GivenStaff()), gift)).ShouldBeProblem(HttpStatusCode.Gone, "gift_expired");

        (await app.ListedGifts(guest)).Single().State.ShouldBe("expired");
        (await app.GiftsOf(guest, "?state=available")).Body.ShouldContain("\"items\":[]");
        (await app.GiftsOf(guest, "?state=expired")).Body.ShouldContain($"\"giftId\":{gift}");
    }

    [Fact]
    public async Task Staff_cannot_redeem_their_own_gift()
    {
        var guest = await app.GivenGuest();
        var gift = await app.GivenGift(guest);

        (await app.RedeemGift(app.Staff(await app.GivenStaff(), guest), gift)).ShouldBeProblem(HttpStatusCode.Forbidden, "gift_own");
    }

    [Fact]
    public async Task A_gift_is_redeemed_with_an_order_of_the_same_guest_that_was_not_refunded()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var (gift, caller) = (await app.GivenGift(guest), app.Staff(staff));
        var foreign = await app.GivenOrder(await app.GivenGuest(), staff, 300);
        var refunded = await app.GivenOrder(guest, staff, 300);
        await app.Refund(staff, refunded);

        (await app.RedeemGift(caller, gift, new OrderId(8_000_000_003))).ShouldBeProblem(HttpStatusCode.NotFound, "order_not_found");
        (await app.RedeemGift(caller, gift, foreign)).ShouldBeProblem(HttpStatusCode.NotFound, "order_not_found");
        (await app.RedeemGift(caller, gift, refunded)).ShouldBeProblem(HttpStatusCode.Conflict, "order_refunded");
        (await app.RedeemGift(caller, gift, await app.GivenOrder(guest, staff, 300))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_gift_redeemed_with_an_order_is_available_again_once_the_order_is_refunded_in_full()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var (with, without) = (await app.GivenGift(guest, "С заказом"), await app.GivenGift(guest, "Без заказа"));
        var order = await app.GivenOrder(guest, staff, 300);
        (await app.RedeemGift(app.Staff(staff), with, order)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.RedeemGift(app.Staff(staff), without)).Status.ShouldBe(HttpStatusCode.OK);

        (await app.Refund(staff, order, 100)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.ListedGifts(guest)).Select(gift => gift.State).ShouldBe(["redeemed", "redeemed"]);
        (await app.Refund(staff, order)).Status.ShouldBe(HttpStatusCode.OK);

        (await app.ListedGifts(guest)).ShouldBe([("Без заказа", "manual", "redeemed"), ("С заказом", "manual", "available")]);
        (await app.RowsThatDiffer()).ShouldBe(0);
        (await app.RedeemGift(app.Staff(staff), with)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.RedeemGift(app.Staff(staff), with)).ShouldBeProblem(HttpStatusCode.Conflict, "gift_redeemed");
    }

    [Fact]
    public async Task A_redemption_concurrent_with_the_refund_of_its_order_never_stays_with_a_refunded_order()
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
            var (gift, order) = (await app.GivenGift(guest), await app.GivenOrder(guest, staff, 300));

            var refund = app.Refund(staff, order);
            var redeemed = await app.RedeemGift(app.Staff(staff), gift, order);

            (await refund).Status.ShouldBe(HttpStatusCode.OK);
            redeemed.Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Conflict);
            (await app.ListedGifts(guest)).Single().State.ShouldBe("available");
        }

        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Verify_finds_a_gift_that_is_redeemed_with_a_refunded_order()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var (gift, order) = (await app.GivenGift(guest), await app.GivenOrder(guest, staff, 300));
        await app.Refund(staff, order);
        await app.Database.Execute(
            "update loyalty.gifts set redeemed_at = issued_at, redeemed_by = 1, order_id = $2 where id = $1", Ct, gift.Value, order.Value);

        (await app.RowsThatDiffer()).ShouldBe(1);

        await app.Database.Execute("update loyalty.gifts set redeemed_at = null, redeemed_by = null, order_id = null where id = $1", Ct, gift.Value);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }
}
