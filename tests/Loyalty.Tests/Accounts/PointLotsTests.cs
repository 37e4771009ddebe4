using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Accounts;

namespace Platform.Loyalty.Tests.Accounts;

/// <summary>Moves the clock.</summary>
public sealed class PointLotsTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Points_that_came_first_are_spent_first_and_the_rest_keeps_the_later_date()
    {
        var guest = await app.GivenGuest();
        (await app.ChangePoints(guest, 100, "bonus", "january")).ShouldBe("changed 100");
        app.Clock.Advance(TimeSpan.FromDays(31));
        (await app.ChangePoints(guest, 50, "bonus", "february")).ShouldBe("changed 150");
        var later = app.Clock.GetUtcNow();
        (await app.ChangePoints(guest, -120, "adjustment", "cake")).ShouldBe("changed 30");
        (await app.LotsOf(guest)).ShouldBe(["0 of 100", "30 of 50"]);
        var account = await app.GetMyAccount(guest);
        (account.Json("pointsExpiring.points"), account.Json("pointsExpiring.on")).ShouldBe((30L, $"{later.AddMonths(12):yyyy-MM-dd}"));

        MoveTo(later.AddMonths(12).AddSeconds(-1));
        await app.RunJob<ExpirePoints>();
        (await app.BalanceOf(guest)).ShouldBe((30, 0));
        MoveTo(later.AddMonths(12));
        await app.RunJob<ExpirePoints>();

        (await app.BalanceOf(guest)).ShouldBe((0, 0));
        (await app.EntriesOf(guest))[^1].ShouldBe("expiry -30 0 0");
        var changed = await app.Published<PointsChanged>(changed => changed.UserId == guest && changed.Reason == "expiry");
        (changed.Delta, changed.Balance).ShouldBe((new Points(-30), Points.Zero));
        (await app.GetMyAccount(guest)).Json("pointsExpiring").ShouldBeNull();
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task An_order_postpones_the_expiry_of_all_points()
    {
        var (guest, staff) = (await app.GivenGuest(points: 10), await app.GivenStaff());
        app.Clock.Advance(TimeSpan.FromDays(300));
        await app.GivenOrder(guest, staff, 2000);
        app.Clock.Advance(TimeSpan.FromDays(300));
        await app.RunJob<ExpirePoints>();
        (await app.BalanceOf(guest)).ShouldBe((30, 0));

        app.Clock.Advance(TimeSpan.FromDays(66));
        await app.RunJob<ExpirePoints>();

        (await app.BalanceOf(guest)).ShouldBe((0, 0));
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Concurrent_and_repeated_passes_take_points_once()
    {
        var guests = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.GivenGuest(points: 10)));
        app.Clock.Advance(TimeSpan.FromDays(366));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.RunJob<ExpirePoints>()));
        await app.RunJob<ExpirePoints>();

        foreach (var guest in guests)
        {
            (await app.EntriesOf(guest)).ShouldBe(["earn 10 0 10", "expiry -10 0 0"]);
        }

        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Points_never_expire_when_the_setting_says_so_but_a_date_of_their_own_holds()
    {
        var guest = await app.GivenGuest();
        await app.ChangePoints(guest, 100, "bonus", "forever");
        await app.ChangePoints(guest, 7, "bonus", "for a week", app.Clock.GetUtcNow().AddDays(7));
        await app.Database.Execute("update loyalty.settings set points_expire_after_months = 0", Ct);
        try
        {
            app.Clock.Advance(TimeSpan.FromDays(5000));
            await app.RunJob<ExpirePoints>();

            (await app.BalanceOf(guest)).ShouldBe((100, 0));
            (await app.LotsOf(guest)).ShouldBe(["100 of 100", "0 of 7"]);
        }
        finally
        {
            await app.Database.Execute("update loyalty.settings set points_expire_after_months = 12", Ct);
        }
    }

    [Fact]
    public async Task A_guest_is_warned_once_for_each_day_on_which_points_would_expire()
    {
        var guest = await app.GivenGuest(points: 10);
        var earnedAt = app.Clock.GetUtcNow();
        MoveTo(earnedAt.AddMonths(12).AddDays(-14).AddSeconds(-1));
        await app.RunJob<WarnOfExpiry>();
        (await WarnedOn(guest)).ShouldBeNull();

        MoveTo(earnedAt.AddMonths(12).AddDays(-14));
        await Task.WhenAll(app.RunJob<WarnOfExpiry>(), app.RunJob<WarnOfExpiry>());
        app.Clock.Advance(TimeSpan.FromDays(1));
        await app.RunJob<WarnOfExpiry>();

        var warned = await app.Published<PointsExpiring>(warned => warned.UserId == guest);
        (warned.Points, warned.ExpiresOn).ShouldBe((new Points(10), DateOnly.FromDateTime(earnedAt.AddMonths(12).UtcDateTime)));

        // An order moves the day, so there is another warning a year later.
        await app.GivenOrder(guest, await app.GivenStaff(), 1000);
        app.Clock.Advance(TimeSpan.FromDays(360));
        await app.RunJob<WarnOfExpiry>();
        (await app.Published<PointsExpiring>(again => again.UserId == guest && again.ExpiresOn != warned.ExpiresOn)).Points.ShouldBe(new Points(20));
        app.Broker.Events.Count(message => message.Type == typeof(PointsExpiring).FullName && message.Read<PointsExpiring>().UserId == guest).ShouldBe(2);
    }

    [Fact]
    public async Task A_refund_returns_points_to_the_lots_that_they_came_from_also_when_those_have_expired()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.ChangePoints(guest, 100, "bonus", "short", app.Clock.GetUtcNow().AddDays(10));
        await app.ChangePoints(guest, 50, "bonus", "long");
        var order = await app.GivenOrder(guest, staff, 400, spendPoints: 120);
        (await app.LotsOf(guest)).ShouldBe(["0 of 100", "30 of 50", "2 of 2"]);

        (await app.RefundAsAdmin(order, 140)).Json("pointsReturned").ShouldBe(60L);
        (await app.LotsOf(guest)).ShouldBe(["40 of 100", "50 of 50", "1 of 2"]);
        app.Clock.Advance(TimeSpan.FromDays(11));
        await app.RunJob<ExpirePoints>();
        (await app.LotsOf(guest)).ShouldBe(["0 of 100", "50 of 50", "1 of 2"]);

        // The rest comes back to points whose day is over, and goes again.
        (await app.RefundAsAdmin(order)).Json("pointsReturned").ShouldBe(60L);
        await app.RunJob<ExpirePoints>();
        (await app.EntriesOf(guest)).TakeLast(3).ShouldBe(["return 60 0 111", "take_back -1 0 110", "expiry -60 0 50"]);
        (await app.LotsOf(guest)).ShouldBe(["0 of 100", "50 of 50", "0 of 2"]);
        (await app.BalanceOf(guest)).ShouldBe((50, 0));
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task A_refund_takes_points_back_from_the_lot_of_its_order_and_then_from_the_oldest()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.GivenOrder(guest, staff, 1000);
        var order = await app.GivenOrder(guest, staff, 2000);
        await app.GivenOrder(guest, staff, 3000);

        await app.RefundAsAdmin(order, 1000);
        (await app.LotsOf(guest)).ShouldBe(["10 of 10", "10 of 20", "30 of 30"]);
        await app.ChangePoints(guest, -15, "adjustment", "cookie");
        (await app.LotsOf(guest)).ShouldBe(["0 of 10", "5 of 20", "30 of 30"]);
        await app.RefundAsAdmin(order);

        (await app.LotsOf(guest)).ShouldBe(["0 of 10", "0 of 20", "25 of 30"]);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Points_that_pay_a_debt_are_in_no_lot()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var earning = await app.GivenOrder(guest, staff, 5000);
        await app.ChangePoints(guest, -45, "adjustment", "spent");
        await app.RefundAsAdmin(earning);

        (await app.ChangePoints(guest, 60, "bonus", "pays 45")).ShouldBe("changed 15");

        (await app.LotsOf(guest)).ShouldBe(["0 of 50", "15 of 15"]);
        (await app.BalanceOf(guest)).ShouldBe((15, 0));
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Points_change_once_for_each_source_and_never_below_zero()
    {
        var guest = await app.GivenGuest();

        (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.ChangePoints(guest, 30, "bonus", "once"))))
            .Order().ShouldBe(["changed 30", .. Enumerable.Repeat("repeated 30", 19)]);
        var bought = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => app.ChangePoints(guest, -10, "adjustment", $"tea {i}")));
        bought.Count(outcome => outcome.StartsWith("changed", StringComparison.Ordinal)).ShouldBe(3);
        bought.Count(outcome => outcome == "not_enough_points 0").ShouldBe(17);
        (await app.ChangePoints(app.NewUserId(), 1, "bonus", "nobody")).ShouldBe("account_not_found ");
        await app.Erase(guest);
        (await app.ChangePoints(guest, 1, "bonus", "late")).ShouldBe("guest_erased 0");
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Theory]
    [InlineData("update loyalty.point_lots set points_left = points_left - $2 where user_id = $1 and points_left > 0")]
    [InlineData("update loyalty.point_lots set points = points + $2 where user_id = $1")]
    [InlineData("update loyalty.point_lot_uses set points = points + $2 where user_id = $1")]
    public async Task Verify_reports_edited_lots(string edit)
    {
        var guest = await app.GivenGuest(points: 10);
        await app.ChangePoints(guest, -4, "adjustment", "tea");

        await app.Database.Execute(edit, Ct, guest.Value, 1L);
        var differ = await app.RowsThatDiffer();
        await app.Database.Execute(edit, Ct, guest.Value, -1L);

        differ.ShouldBeGreaterThan(0);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    private void MoveTo(DateTimeOffset at) => app.Clock.Advance(at - app.Clock.GetUtcNow());

    private Task<DateOnly?> WarnedOn(UserId guest) =>
        app.Database.Scalar<DateOnly?>("select expiry_warned_on from loyalty.accounts where user_id = $1", Ct, guest.Value);
}
