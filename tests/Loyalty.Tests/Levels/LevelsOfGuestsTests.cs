using Platform.Contracts;
using Platform.Contracts.Loyalty;

namespace Platform.Loyalty.Tests.Levels;

/// <summary>Edits the levels, which each test restores.</summary>
public sealed class LevelsOfGuestsTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_raised_threshold_takes_no_level_away_until_a_refund_takes_the_points_with_which_it_was_reached()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.GivenOrder(guest, staff, 9_900);
        var last = await app.GivenOrder(guest, staff, 300);
        await WithThreshold("silver", 300, async () =>
        {
            (await app.Account(guest)).Level.ShouldBe("silver");
            (await app.RowsThatDiffer()).ShouldBe(0);
            (await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 2000 })).Json("pointsEarned").ShouldBe(21L);
            // 122 of 123 points are more than the 100 with which silver was reached.
            (await app.RefundAsAdmin(last, 100)).Json("level").ShouldBe("silver");
            (await app.RowsThatDiffer()).ShouldBe(0);

            await app.ChangePoints(guest, 1000, "bonus", "does-not-count");
            var undone = await app.RefundAsAdmin(await LastOrder(guest));
            undone.Json("level").ShouldBe("silver");
            (await app.RefundAsAdmin(last)).Json("level").ShouldBe("standard");
            (await app.RowsThatDiffer()).ShouldBe(0);
        });
    }

    [Fact]
    public async Task A_lowered_threshold_lifts_the_guests_who_reach_it_once()
    {
        var guest = await app.GivenGuest(points: 60);
        await WithThreshold("silver", 50, async () =>
        {
            (await app.RowsThatDiffer()).ShouldBeGreaterThan(0);
            (await app.AsService<long>("select raise_levels($1, null)", app.Clock.GetUtcNow())).ShouldBeGreaterThan(0);
            (await app.AsService<long>("select raise_levels($1, null)", app.Clock.GetUtcNow())).ShouldBe(0);

            (await app.Account(guest)).Level.ShouldBe("silver");
            (await app.Published<LevelChanged>(changed => changed.UserId == guest)).To.ShouldBe("silver");
            (await app.RowsThatDiffer()).ShouldBe(0);
        });
        // Reached with 50 points, so it stays.
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    private async Task WithThreshold(string level, long threshold, Func<Task> act)
    {
        await app.Database.Execute("update loyalty.levels set threshold = $2 where key = $1", Ct, level, threshold);
        try
        {
            await act();
        }
        finally
        {
            await app.Database.Execute("update loyalty.levels set threshold = 100 where key = $1", Ct, level);
        }
    }

    private async Task<OrderId> LastOrder(UserId guest) =>
        new(await app.Database.Scalar<long>("select max(id) from loyalty.orders where user_id = $1", Ct, guest.Value));
}
