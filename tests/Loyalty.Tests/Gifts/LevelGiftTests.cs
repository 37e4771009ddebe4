using System.Net;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Gifts;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Gifts;

/// <summary>Needs its own host, since it counts handled messages.</summary>
public sealed class LevelGiftTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_who_reaches_a_level_gets_its_gift()
    {
        var guest = await app.GivenGuest();

        await app.GivenOrder(guest, await app.GivenStaff(), 10_000);

        await Listed(guest, [("Десерт на выбор", "level", "available")]);
        var published = await app.Published<GiftIssued>(gift => gift.UserId == guest);
        published.ExpiresAt.ShouldBe(new DateTimeOffset(2026, 4, 1, 20, 59, 59, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_gift_is_given_once_per_level_however_often_the_event_arrives()
    {
        var guest = await app.GivenGuest();
        await app.GivenOrder(guest, await app.GivenStaff(), 10_000);
        await Listed(guest, [("Десерт на выбор", "level", "available")]);

        var handled = await app.HandledBy(nameof(GiveLevelGift));
        await app.Broker.Publish(Reached(guest, "silver"), Ct);
        await Eventually.Get(() => app.HandledBy(nameof(GiveLevelGift)), now => now > handled, Ct);

        (await app.ListedGifts(guest)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_refund_that_takes_the_level_takes_the_gift_and_reaching_it_again_gives_it_back()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 10_000);
        await Listed(guest, [("Десерт на выбор", "level", "available")]);

        (await app.Refund(staff, order)).Status.ShouldBe(HttpStatusCode.OK);
        await Listed(guest, []);
        await app.GivenOrder(guest, staff, 12_000);

        await Listed(guest, [("Десерт на выбор", "level", "available")]);
    }

    [Fact]
    public async Task A_redeemed_gift_of_a_lost_level_stays_redeemed_and_is_not_given_again()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 10_000);
        await Listed(guest, [("Десерт на выбор", "level", "available")]);
        var gift = new GiftId(await app.Database.Scalar<long>("select id from loyalty.gifts where user_id = $1", Ct, guest.Value));
        (await app.RedeemGift(app.Staff(staff), gift)).Status.ShouldBe(HttpStatusCode.OK);

        var handled = await app.HandledBy(nameof(GiveLevelGift));
        await app.Refund(staff, order);
        await app.GivenOrder(guest, staff, 12_000);
        await Eventually.Get(() => app.HandledBy(nameof(GiveLevelGift)), now => now > handled, Ct);

        (await app.ListedGifts(guest)).ShouldBe([("Десерт на выбор", "level", "redeemed")]);
    }

    [Fact]
    public async Task An_event_about_a_level_that_the_guest_does_not_have_gives_nothing()
    {
        var guest = await app.GivenGuest();
        var handled = await app.HandledBy(nameof(GiveLevelGift));

        await app.Broker.Publish(Reached(guest, "platinum"), Ct);
        await app.Broker.Publish(Reached(guest, "standard"), Ct);
        await app.Broker.Publish(Reached(guest, "diamond"), Ct);
        await Eventually.Get(() => app.HandledBy(nameof(GiveLevelGift)), now => now >= handled + 3, Ct);

        (await app.ListedGifts(guest)).ShouldBeEmpty();
    }

    private LevelChanged Reached(UserId guest, string level) =>
        new() { UserId = guest, From = "standard", To = level, Version = 99, ChangedAt = app.Clock.GetUtcNow() };

    private Task Listed(UserId guest, IReadOnlyList<(string, string, string)> gifts) =>
        Eventually.Passes(async () => (await app.ListedGifts(guest)).ShouldBe(gifts), Ct);
}
