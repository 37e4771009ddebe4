using System.Net;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Gifts;

/// <summary>Needs its own host, since it breaks what must hold.</summary>
public sealed class GiftChecksTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verify_names_what_does_not_add_up()
    {
        var (guest, staff, reward) = (await app.GivenGuest(points: 20), await app.GivenStaff(), await app.GivenReward(cost: 10, stock: 5));
        (await app.BuyReward(guest, reward)).Status.ShouldBe(HttpStatusCode.Created);
        var card = await app.GivenStampCard(n: 2);
        var order = await app.GivenOrder(guest, staff, 300);
        await Eventually.Passes(async () => (await app.ListedGifts(guest)).Count.ShouldBe(2), Ct);
        (await app.Verify()).ShouldBe(0);

        await Breaks("update loyalty.rewards set sold = sold + $2 where id = $1", reward.Value, 1L, -1L);
        await Breaks("update loyalty.gifts set cost = cost + $2 where user_id = $1 and reason = 'reward'", guest.Value, 1L, -1L);
        await Breaks("update loyalty.accounts set start_bonus = $2 where user_id = $1", guest.Value, 7L, 0L);
        await Breaks("update loyalty.gifts set stamps = stamps + $2 where user_id = $1 and stamp_card_id is not null", guest.Value, 1L, -1L);
        await Breaks(
            "update loyalty.accounts set birth_date = date '2000-01-01' where user_id = $1 and $2 = 1",
            "update loyalty.accounts set birth_date = null where user_id = $1 and $2 = 0", guest.Value);
        await app.Database.Execute("update loyalty.stamps set at = at + interval '1 hour' where card_id = $1 and order_id = $2", Ct, card.Value, order.Value);

        (await app.Verify()).ShouldNotBe(0);
    }

    private async Task Breaks(string sql, long id, long breaking, long mending)
    {
        await app.Database.Execute(sql, Ct, id, breaking);
        (await app.RowsThatDiffer()).ShouldBe(1, sql);
        await app.Database.Execute(sql, Ct, id, mending);
        (await app.RowsThatDiffer()).ShouldBe(0, sql);
    }

    private async Task Breaks(string breaking, string mending, long id)
    {
        await app.Database.Execute(breaking, Ct, id, 1L);
        (await app.RowsThatDiffer()).ShouldBe(1, breaking);
        await app.Database.Execute(mending, Ct, id, 0L);
        (await app.RowsThatDiffer()).ShouldBe(0, breaking);
    }
}
