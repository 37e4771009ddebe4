using System.Net;
using Platform.Contracts.Loyalty;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Orders;

/// <summary>Orders of a till that was offline. Moves the clock.</summary>
public sealed class OfflineOrdersTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_sent_hours_later_and_twice_counts_once_at_the_time_when_it_was_placed()
    {
        var (guest, staff, key) = (await app.GivenGuest(), await app.GivenStaff(), NewKey());
        var body = new { code = await app.GivenCode(guest), amount = 1250, placedAt = app.Clock.GetUtcNow().AddSeconds(30) };
        app.Clock.Advance(TimeSpan.FromHours(23));
        var newer = await app.GivenCode(guest);

        var first = await app.PlaceOrder(staff, body, key);
        app.Clock.Advance(TimeSpan.FromHours(3));
        var again = await app.PlaceOrder(staff, body, key);

        first.Status.ShouldBe(HttpStatusCode.Created, first.Body);
        again.Body.ShouldBe(first.Body);
        (await app.BalanceOf(guest)).ShouldBe((12, 0));
        (await app.Published<OrderPlaced>(placed => placed.UserId == guest)).PlacedAt.ShouldBe(body.placedAt);
        (await app.GetCode(guest, body.code)).Json("status").ShouldBe("used");
        (await app.PlaceOrder(staff, new { code = newer, amount = 100, placedAt = app.Clock.GetUtcNow().AddHours(-3) }, NewKey()))
            .Status.ShouldBe(HttpStatusCode.Created);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Fifty_concurrent_late_orders_with_one_code_place_one()
    {
        var guest = await app.GivenGuest();
        var body = new { code = await app.GivenCode(guest), amount = 1250, placedAt = app.Clock.GetUtcNow() };
        app.Clock.Advance(TimeSpan.FromHours(1));
        var staff = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.GivenStaff()));

        var answers = await Task.WhenAll(staff.Select(barista => app.PlaceOrder(barista, body, NewKey())));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.Conflict && answer.Json("code")!.Equals("code_used")).ShouldBe(49);
        (await app.BalanceOf(guest)).ShouldBe((12, 0));
    }

    [Fact]
    public async Task Twenty_concurrent_orders_that_cross_a_threshold_change_the_level_once()
    {
        // A guest has one live code at a time, so the orders are those of tills that were offline.
        var guest = await app.GivenGuest();
        var bodies = new List<object>();
        for (var i = 0; i < 20; i++)
        {
            bodies.Add(new { code = await app.GivenCode(guest), amount = 1000, placedAt = app.Clock.GetUtcNow() });
            app.Clock.Advance(TimeSpan.FromSeconds(40));
        }

        var staff = await Task.WhenAll(bodies.Select(_ => app.GivenStaff()));

        var answers = await Task.WhenAll(bodies.Zip(staff, (body, barista) => app.PlaceOrder(barista, body, NewKey())));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created);
        answers.Count(answer => (bool)answer.Json("levelUp")!).ShouldBe(1);
        (await app.Account(guest)).Level.ShouldBe("silver");
        await Eventually.IsTrue(() => Task.FromResult(Published<OrderPlaced>().Count(placed => placed.UserId == guest) == 20), Ct);
        await app.Published<LevelChanged>(changed => changed.UserId == guest);
        Published<LevelChanged>().Count(changed => changed.UserId == guest).ShouldBe(1);
        (await app.RowsThatDiffer()).ShouldBe(0);

        IEnumerable<TEvent> Published<TEvent>() where TEvent : class =>
            app.Broker.Events.Where(message => message.Type == typeof(TEvent).FullName).Select(message => message.Read<TEvent>());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(90)]
    public async Task A_code_that_was_not_live_when_the_order_was_placed_is_refused_and_counts_as_a_guess(int secondsAfterIssue)
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var body = new { code = await app.GivenCode(guest), amount = 100, placedAt = app.Clock.GetUtcNow().AddSeconds(secondsAfterIssue) };
        app.Clock.Advance(TimeSpan.FromHours(1));

        for (var i = 0; i < 10; i++)
        {
            (await app.PlaceOrder(staff, body, NewKey())).ShouldBeProblem(HttpStatusCode.Gone, "code_expired");
        }

        (await app.PlaceOrder(staff, body, NewKey())).ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_wrong_codes");
        (await app.OrdersOf(guest)).ShouldBe(0);
    }

    [Fact]
    public async Task A_code_is_valid_until_a_newer_one_replaces_it_also_in_hindsight()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var (code, issuedAt) = (await app.GivenCode(guest), app.Clock.GetUtcNow());
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        await app.GivenCode(guest);
        app.Clock.Advance(TimeSpan.FromHours(1));

        (await app.PlaceOrder(staff, new { code, amount = 100, placedAt = issuedAt.AddSeconds(30) }, NewKey()))
            .ShouldBeProblem(HttpStatusCode.Gone, "code_expired");
        (await app.PlaceOrder(staff, new { code, amount = 100, placedAt = issuedAt.AddSeconds(29) }, NewKey())).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Level_and_campaign_are_those_of_the_time_when_the_order_was_placed()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.GivenCampaign("За час до того", "bonus_points = 7", startsIn: TimeSpan.FromSeconds(-1), endsIn: TimeSpan.FromMinutes(2));
        var body = new { code = await app.GivenCode(guest), amount = 2000, placedAt = app.Clock.GetUtcNow() };
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        // Silver since then, and another campaign.
        await app.GivenOrder(guest, staff, 10_000);
        await app.GivenCampaign("Позже", "bonus_points = 500", endsIn: TimeSpan.FromMinutes(30));

        var late = await app.PlaceOrder(staff, body, NewKey());

        await app.Database.Execute("update loyalty.campaigns set active = false", Ct);
        late.Json("pointsEarned").ShouldBe(27L);
        late.Json("why.level").ShouldBe("standard");
        late.Json("why.campaign.title").ShouldBe("За час до того");
        late.Json("level").ShouldBe("silver");
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task A_level_lost_by_a_refund_before_the_order_arrived_is_not_used()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var lifting = await app.GivenOrder(guest, staff, 10_000);
        var body = new { code = await app.GivenCode(guest), amount = 2000, placedAt = app.Clock.GetUtcNow() };
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        await app.RefundAsAdmin(lifting);

        var late = await app.PlaceOrder(staff, body, NewKey());

        late.Json("pointsEarned").ShouldBe(20L);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task An_order_without_a_key_or_placed_too_long_ago_or_in_the_future_is_refused()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var (code, now) = (await app.GivenCode(guest), app.Clock.GetUtcNow());

        (await app.PlaceOrder(staff, new { code, amount = 100, placedAt = now })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "placed_at_invalid");
        (await app.PlaceOrder(staff, new { code, amount = 100, placedAt = now.AddHours(-24).AddMilliseconds(-1) }, NewKey()))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "placed_at_invalid");
        (await app.PlaceOrder(staff, new { code, amount = 100, placedAt = now.AddSeconds(61) }, NewKey()))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "placed_at_invalid");
        // The clock of a till may be a little ahead.
        (await app.PlaceOrder(staff, new { code, amount = 100, placedAt = now.AddSeconds(60) }, NewKey())).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_late_order_of_an_erased_guest_is_refused()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var body = new { code = await app.GivenCode(guest), amount = 100, placedAt = app.Clock.GetUtcNow() };
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.Erase(guest);

        (await app.PlaceOrder(staff, body, NewKey())).ShouldBeProblem(HttpStatusCode.Gone, "code_expired");
    }

    [Fact]
    public async Task An_unused_number_stays_with_its_guest_for_a_day_unless_there_is_no_other()
    {
        var (guest, another) = (await app.GivenGuest(), await app.GivenGuest());
        var code = await app.GivenCode(guest);
        app.Clock.Advance(TimeSpan.FromHours(20));
        var free = await app.FreeCode();

        (await Give(code, free)).ShouldBe(free);
        (await Give(code, free)).ShouldBe(code);

        async Task<string> Give(params string[] candidates) => await app.AsService<string>(
            """
            select code from give_payment_code($1, $2, $3, $3 + interval '90 seconds', interval '10 minutes', null, null, null, null, null, interval '1 day')
            """,
            another.Value, candidates, app.Clock.GetUtcNow());
    }

    private static string NewKey() => $"till-{Guid.NewGuid():N}";
}
