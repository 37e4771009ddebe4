using Platform.Contracts;

namespace Platform.Loyalty.Tests.Campaigns;

/// <summary>Campaigns are for all guests, so each test ends its own.</summary>
public sealed class CampaignPricingTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>, IAsyncLifetime
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await app.Database.Execute("update loyalty.campaigns set active = false", CancellationToken.None);

    [Fact]
    public async Task The_campaign_that_earns_the_guest_most_applies_and_is_named()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.GivenCampaign("Двойные", "multiplier = 2");
        var bonus = await app.GivenCampaign("Плюс 15", "bonus_points = 15");
        await app.GivenCampaign("Меньше", "multiplier = 0.5");

        var small = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 1000 });
        var large = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 3000 });

        (small.Json("pointsEarned"), small.Json("why.campaign.title"), small.Json("why.campaign.bonusPoints")).ShouldBe((25L, "Плюс 15", 15L));
        small.Json("why.campaign.id").ShouldBe(bonus);
        (large.Json("pointsEarned"), large.Json("why.campaign.title"), large.Json("why.multiplier")).ShouldBe((60L, "Двойные", 2.00m));
        (await Why(guest)).ShouldBe(
        [
            "rule earn, paid 1000.00, per 100.00, level standard, times 1.00, campaign Плюс 15, times , bonus 15",
            "rule earn, paid 3000.00, per 100.00, level standard, times 1.00, campaign Двойные, times 2.00, bonus ",
        ]);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Theory]
    [InlineData(99.99, 0, 0)]
    [InlineData(100, 16, 15)]
    public async Task A_bonus_comes_on_top_of_points_and_never_alone(double amount, long points, long bonus)
    {
        await app.GivenCampaign("Плюс 15", "bonus_points = 15");

        var order = await app.PlaceOrder(await app.GivenStaff(), new { code = await app.GivenCode(await app.GivenGuest()), amount });

        order.Json("pointsEarned").ShouldBe(points);
        (order.Json("why.campaign") is null).ShouldBe(bonus == 0);
    }

    [Fact]
    public async Task A_campaign_applies_within_its_time_and_while_it_is_active()
    {
        var code = await app.GivenCode(await app.GivenGuest());
        var staff = await app.GivenStaff();
        await app.GivenCampaign("Завтра", "multiplier = 5", startsIn: TimeSpan.FromTicks(10));
        await app.GivenCampaign("Вчера", "multiplier = 5", startsIn: TimeSpan.FromDays(-1), endsIn: TimeSpan.Zero);

        (await app.Preview(staff, new { code, amount = 1000 })).Json("pointsEarned").ShouldBe(10L);
        var now = await app.GivenCampaign("Сейчас", "multiplier = 5", endsIn: TimeSpan.FromTicks(10));
        (await app.Preview(staff, new { code, amount = 1000 })).Json("pointsEarned").ShouldBe(50L);
        await app.Database.Execute("update loyalty.campaigns set active = false where id = $1", Ct, now);
        (await app.Preview(staff, new { code, amount = 1000 })).Json("pointsEarned").ShouldBe(10L);
    }

    [Fact]
    public async Task A_campaign_may_be_for_some_levels()
    {
        var staff = await app.GivenStaff();
        await app.GivenCampaign("Серебру и золоту", "multiplier = 3");
        await app.Database.Execute("update loyalty.campaigns set levels = '{silver,gold}' where title = 'Серебру и золоту'", Ct);
        var (standard, silver) = (await app.GivenGuest(), await app.GivenGuest());
        await app.Database.Execute("update loyalty.accounts set level = 'silver', level_threshold = 1 where user_id = $1", Ct, silver.Value);

        (await app.Preview(staff, new { userId = standard, amount = 1000 })).Json("pointsEarned").ShouldBe(10L);
        (await app.Preview(staff, new { userId = silver, amount = 1000 })).Json("pointsEarned").ShouldBe(31L);
        await app.Database.Execute("update loyalty.accounts set level = 'standard', level_threshold = 0 where user_id = $1", Ct, silver.Value);
    }

    [Fact]
    public async Task A_campaign_may_be_for_the_month_of_the_birthday()
    {
        var staff = await app.GivenStaff();
        await app.GivenCampaign("Месяц рождения", "multiplier = 2");
        await app.Database.Execute("update loyalty.campaigns set birthday_month = true where title = 'Месяц рождения'", Ct);
        var (march, april, unknown) = (await app.GivenGuest(), await app.GivenGuest(), await app.GivenGuest());
        await GivenBirthDate(march, "1990-03-31");
        await GivenBirthDate(april, "1990-04-01");

        // It is the 2nd of March.
        (await app.Preview(staff, new { userId = march, amount = 1000 })).Json("pointsEarned").ShouldBe(20L);
        (await app.Preview(staff, new { userId = april, amount = 1000 })).Json("pointsEarned").ShouldBe(10L);
        (await app.Preview(staff, new { userId = unknown, amount = 1000 })).Json("pointsEarned").ShouldBe(10L);
    }

    [Fact]
    public async Task A_campaign_may_be_for_guests_who_have_not_come_for_some_days()
    {
        var staff = await app.GivenStaff();
        await app.GivenCampaign("Возвращайтесь", "multiplier = 2");
        await app.Database.Execute("update loyalty.campaigns set inactive_days = 30 where title = 'Возвращайтесь'", Ct);
        var (lately, longAgo, neverCame) = (await app.GivenGuest(), await app.GivenGuest(), await app.GivenGuest());
        await app.GivenOrder(lately, staff, 99);
        await app.GivenOrder(longAgo, staff, 99);
        await app.Database.Execute("update loyalty.orders set placed_at = placed_at - interval '30 days' where user_id = $1", Ct, longAgo.Value);
        await app.Database.Execute("update loyalty.accounts set opened_at = opened_at - interval '30 days' where user_id = $1", Ct, neverCame.Value);

        (await app.Preview(staff, new { userId = lately, amount = 1000 })).Json("pointsEarned").ShouldBe(10L);
        (await app.Preview(staff, new { userId = longAgo, amount = 1000 })).Json("pointsEarned").ShouldBe(20L);
        (await app.Preview(staff, new { userId = neverCame, amount = 1000 })).Json("pointsEarned").ShouldBe(20L);
    }

    [Fact]
    public async Task A_refund_and_a_correction_use_the_campaign_and_the_levels_of_the_day_of_the_order()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var lifting = await app.GivenOrder(guest, staff, 10_000);
        await app.GivenCampaign("Тройные", "multiplier = 3");
        var later = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 10_000 });
        later.Json("pointsEarned").ShouldBe(315L);
        await app.Database.Execute("update loyalty.campaigns set active = false", Ct);
        await app.Database.Execute("update loyalty.levels set earn_multiplier = earn_multiplier * 2", Ct);
        try
        {
            var half = await app.RefundAsAdmin(new OrderId((long)later.Json("orderId")!), 5000);
            var refund = await app.RefundAsAdmin(lifting);

            half.Json("pointsTakenBack").ShouldBe(157L);
            // At the standard level of that day it earned 300, of which half stays.
            refund.Json("pointsCorrected").ShouldBe(158L - 150);
            (await app.BalanceOf(guest)).ShouldBe((150, 0));
            (await app.RowsThatDiffer()).ShouldBe(0);
        }
        finally
        {
            await app.Database.Execute("update loyalty.levels set earn_multiplier = earn_multiplier / 2", Ct);
        }
    }

    [Fact]
    public async Task Orders_and_rules_follow_the_settings_at_once_and_a_placed_order_keeps_its_own()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.Database.Execute("update loyalty.settings set roubles_per_point = 50", Ct);
        try
        {
            // Gold by the first order, so the second earns 27 instead of 25, which the refund of the first corrects.
            var first = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 50_000 });
            var second = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 1250 });
            await app.Database.Execute("update loyalty.settings set roubles_per_point = 100", Ct);
            var refund = await app.Refund(staff, new OrderId((long)first.Json("orderId")!));

            first.Json("pointsEarned").ShouldBe(1000L);
            second.Json("pointsEarned").ShouldBe(27L);
            refund.Json("pointsCorrected").ShouldBe(2L);
            (await app.RowsThatDiffer()).ShouldBe(0);
        }
        finally
        {
            await app.Database.Execute("update loyalty.settings set roubles_per_point = 100", Ct);
        }
    }

    private Task<IReadOnlyList<string>> Why(UserId guest) => app.Database.Column<string>(
        """
        select format('rule %s, paid %s, per %s, level %s, times %s, campaign %s, times %s, bonus %s',
            why ->> 'rule', why ->> 'paid', why ->> 'per', why ->> 'level', why ->> 'levelMultiplier',
            why ->> 'campaignTitle', why ->> 'campaignMultiplier', why ->> 'campaignBonus')
        from loyalty.point_entries where user_id = $1 order by id
        """, Ct, guest.Value);

    private async Task GivenBirthDate(UserId guest, string day)
    {
        await app.Database.Execute($"update loyalty.guest_names set birth_date = '{day}' where user_id = $1", Ct, guest.Value);
        await app.Database.Execute($"update loyalty.accounts set birth_date = '{day}' where user_id = $1", Ct, guest.Value);
    }
}
