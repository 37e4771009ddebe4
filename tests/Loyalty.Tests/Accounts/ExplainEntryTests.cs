using System.Net;
using System.Text.Json;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Accounts;

/// <summary>Has its own service, since it edits entries and levels.</summary>
public sealed class ExplainEntryTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Earned_points_are_explained_by_level_campaign_and_order_with_the_day_on_which_they_expire()
    {
        var guest = await app.GivenGuest();
        var order = await app.GivenOrder(guest, await app.GivenStaff(), 2100);
        await Explain(guest, "earn", new
        {
            rule = "earn", orderId = order.Value, amount = 2100, paid = 1250.50m, per = 100, level = "gold", levelMultiplier = 1.1m, campaignId = 4,
            campaignTitle = "Двойные баллы", campaignMultiplier = 2,
        });

        var russian = await Why(guest, "earn", "ru");

        russian.Json("text").ShouldBe(
            $"Начислили 21 балл за заказ № {order}: по одному за каждые 100 ₽ из оплаченных 1\u00a0250,50 ₽, ×1,1 за уровень «Золото», "
            + "×2 по акции «Двойные баллы»; срок действия — до 02.03.2027, с новым заказом — дольше.");
        (russian.Json("rule"), russian.Json("level"), russian.Json("multiplier"), russian.Json("orderId")).ShouldBe(("earn", "gold", 2.2m, order.Value));
        (russian.Json("campaign.id"), russian.Json("campaign.title"), russian.Json("campaign.multiplier")).ShouldBe((4L, "Двойные баллы", 2L));
        ((string)russian.Json("expiresAt")!)[..10].ShouldBe("2027-03-02");
        (await Why(guest, "earn", "en-GB, ru;q=0.5")).Json("text").ShouldBe(
            $"Added 21 points for order {order}: one for each whole 100 ₽ of the 1,250.50 ₽ paid, ×1.1 at the level Gold, "
            + "×2 by the campaign “Двойные баллы”; valid until 2 March 2027, or longer with another order.");
    }

    [Fact]
    public async Task Bonus_points_of_a_campaign_are_named_with_the_right_plural()
    {
        var guest = await app.GivenGuest();
        var order = await app.GivenOrder(guest, await app.GivenStaff(), 2400);
        await Explain(guest, "earn", new
        {
            rule = "earn", orderId = order.Value, paid = 100, per = 100, level = "standard", levelMultiplier = 1, campaignId = 5, campaignTitle = "Подарок",
            campaignBonus = 22,
        });

        var why = await Why(guest, "earn", "ru");

        ((string)why.Json("text")!).ShouldStartWith(
            $"Начислили 24 балла за заказ № {order}: по одному за каждые 100 ₽ из оплаченных 100 ₽, ×1 за уровень «Стандарт» и ещё 22 балла "
            + "по акции «Подарок»");
        (why.Json("campaign.multiplier"), why.Json("campaign.bonusPoints"), why.Json("multiplier")).ShouldBe((null, 22L, 1L));
    }

    [Fact]
    public async Task Entries_older_than_explanations_are_explained_by_their_order_or_refund()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 1100);
        await app.GivenOrder(guest, staff, 100, spendPoints: 11);
        await app.Refund(staff, order);
        await app.Database.Execute("update loyalty.point_entries set why = null where user_id = $1", Ct, guest.Value);

        ((string)(await Why(guest, "earn", "ru")).Json("text")!).ShouldStartWith($"Начислили 11 баллов за заказ № {order}");
        ((string)(await Why(guest, "spend", "ru")).Json("text")!).ShouldStartWith("Списали 11 баллов в счёт 11 ₽ за заказ № ");
        var taken = await Why(guest, "take_back", "ru");
        taken.Json("text").ShouldBe(
            $"Отменили начисление за заказ № {order} — 11 баллов: за него вернули деньги; из них 11 баллов уже потратили, и теперь это долг.");
        taken.Json("orderId").ShouldBe(order.Value);
    }

    [Fact]
    public async Task A_refund_of_a_part_is_told_from_one_of_the_whole_order()
    {
        var (guest, staff) = (await app.GivenGuest(points: 50), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 1000, spendPoints: 21);
        await app.Refund(staff, order);
        await Explain(guest, "return", new { rule = "return", orderId = order.Value, refundId = 1, amount = 10, whole = false });
        await Explain(guest, "take_back", new { rule = "takeBack", orderId = order.Value, refundId = 1, amount = 10, whole = true });

        (await Why(guest, "return", "en")).Json("text").ShouldBe(
            $"Returned 21 points that had paid for order {order}, because a part of it was refunded; the date of expiry stays as it was.");
        (await Why(guest, "take_back", "en")).Json("text").ShouldBe(
            $"Took back 9 points that order {order} had earned, because it was refunded.");
    }

    [Fact]
    public async Task Points_changed_by_hand_are_explained_in_the_words_of_the_staff_until_the_guest_is_erased()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.Owner(staff).Post($"/api/loyalty/accounts/{guest}/adjust", new { points = 1, reason = "Долго ждали." });

        (await Why(guest, "adjustment", "ru")).Json("text").ShouldBe(
            "Начислили 1 балл вручную: Долго ждали; срок действия — до 02.03.2027, с новым заказом — дольше.");
        await app.Owner(staff).Post($"/api/loyalty/accounts/{guest}/adjust", new { points = -1, reason = "Ошибка" });
        var entry = await app.Database.Scalar<long>("select max(id) from loyalty.point_entries where user_id = $1", Ct, guest.Value);
        (await Read(guest, entry, "en")).Json("text").ShouldBe("Took 1 point by hand: Ошибка.");

        await app.Erase(guest);
        await Eventually.Passes(
            async () => (await app.Staff(staff).Read($"/api/loyalty/accounts/{guest}/why/{entry}", "en")).Json("text").ShouldBe("Took 1 point by hand."), Ct);
    }

    [Theory]
    [InlineData("expiry", """{"rule":"expiry","months":12}""", "Списали 5 баллов: 12 месяцев не было новых заказов.")]
    [InlineData("expiry", """{"rule":"expiry"}""", "Списали 5 баллов: срок действия истёк.")]
    [InlineData("reward", """{"rule":"reward","title":"Кружка","cost":5}""", "Списали 5 баллов за награду «Кружка».")]
    [InlineData("correction", """{"rule":"correction","orderId":17}""",
        "Списали 5 баллов: следующие заказы пересчитали по уровню без заказа № 17, за который вернули деньги.")]
    public async Task Points_taken_are_explained_by_their_rule(string reason, string why, string text) =>
        (await Why(await GivenEntry(reason, -5, why), reason, "ru")).Json("text").ShouldBe(text);

    [Theory]
    [InlineData("bonus", """{"rule":"bonus","kind":"start"}""", "Added 5 points as a welcome bonus.")]
    [InlineData("referral", """{"rule":"referral","kind":"invited"}""", "Added 5 points for the first order after an invitation.")]
    [InlineData("referral", """{"rule":"referral","kind":"inviter"}""",
        "Added 5 points for an invitation, because the invited guest placed their first order.")]
    [InlineData("reward_return", """{"rule":"rewardReturn","title":"Mug"}""", "Returned 5 points for the reward “Mug”.")]
    [InlineData("achievement", """{"rule":"achievement","title":"Ten lessons"}""", "Added 5 points for the achievement “Ten lessons”.")]
    public async Task Points_given_are_explained_by_their_rule(string reason, string why, string text) =>
        (await Why(await GivenEntry(reason, 5, why), reason, "en")).Json("text").ShouldBe(text);

    [Fact]
    public async Task The_name_that_the_business_gave_a_level_is_used()
    {
        var guest = await app.GivenGuest();
        await app.GivenOrder(guest, await app.GivenStaff(), 500);
        await Explain(guest, "earn", new { rule = "earn", orderId = 3, paid = 500, per = 100, level = "platinum", levelMultiplier = 1.2m });
        await app.Database.Execute("update loyalty.levels set name = 'Друг кофейни' where key = 'platinum'", Ct);

        ((string)(await Why(guest, "earn", "en")).Json("text")!).ShouldContain("×1.2 at the level Друг кофейни");
    }

    [Fact]
    public async Task Entries_of_other_guests_are_not_found()
    {
        var (guest, other, staff) = (await app.GivenGuest(points: 5), await app.GivenGuest(points: 5), await app.GivenStaff());
        var entry = await EntryOf(other, "earn");

        (await Read(guest, entry, "ru")).ShouldBeProblem(HttpStatusCode.NotFound, "entry_not_found");
        (await app.Client(guest).Read($"/api/loyalty/accounts/{other}/why/{entry}")).ShouldBeProblem(HttpStatusCode.NotFound, "entry_not_found");
        (await app.Staff(staff).Read($"/api/loyalty/accounts/{other}/why/{entry}")).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Staff(staff).Read($"/api/loyalty/accounts/{guest}/why/{entry}")).ShouldBeProblem(HttpStatusCode.NotFound, "entry_not_found");
    }

    /// <summary>An entry that this service does not write yet, or only after a year.</summary>
    private async Task<UserId> GivenEntry(string reason, long points, string why)
    {
        var guest = await app.GivenGuest(points: 10);
        await app.Database.Execute(
            """
            insert into loyalty.point_entries (user_id, delta, reason, source_id, balance_after, created_at, why)
            values ($1, $2, $3, 'test:1', 10 + $2, $4, $5::jsonb)
            """,
            Ct, guest.Value, points, reason, app.Clock.GetUtcNow(), why);
        return guest;
    }

    private Task<int> Explain(UserId guest, string reason, object why) => app.Database.Execute(
        "update loyalty.point_entries set why = $3::jsonb where user_id = $1 and reason = $2",
        Ct, guest.Value, reason, JsonSerializer.Serialize(why));

    private async Task<Answer> Why(UserId guest, string reason, string language)
    {
        var answer = await Read(guest, await EntryOf(guest, reason), language);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        return answer;
    }

    private Task<long> EntryOf(UserId guest, string reason) =>
        app.Database.Scalar<long>("select id from loyalty.point_entries where user_id = $1 and reason = $2 order by id limit 1", Ct, guest.Value, reason);

    private Task<Answer> Read(UserId guest, long entry, string language) => app.Client(guest).Read($"/api/loyalty/accounts/me/why/{entry}", language);
}
