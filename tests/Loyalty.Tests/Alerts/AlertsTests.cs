using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Alerts;

/// <summary>Moves the clock.</summary>
public sealed class AlertsTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fourth_earning_within_ten_minutes_raises_one_alert_about_the_staff_of_that_order()
    {
        var guest = await app.GivenGuest();
        var (first, last) = (await app.GivenStaff(), await app.GivenStaff());
        for (var i = 0; i < 3; i++)
        {
            await app.GivenOrder(guest, first, 500);
            app.Clock.Advance(TimeSpan.FromMinutes(3));
        }

        var fourth = await app.GivenOrder(guest, last, 500);
        await app.GivenOrder(guest, first, 500);

        var alert = await Raised(guest);
        ((string?)alert["kind"], (long)alert["staffId"]!, (long)alert["details"]!["earnings"]!, (long)alert["details"]!["orderId"]!)
            .ShouldBe(("guestVelocity", last.Value, 4, fourth.Value));
        ((long)alert["user"]!["userId"]!).ShouldBe(guest.Value);
        alert["seenAt"].ShouldBeNull();
    }

    [Fact]
    public async Task Three_earnings_or_orders_without_points_raise_no_alert()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        for (var i = 0; i < 3; i++)
        {
            await app.GivenOrder(guest, staff, 500);
            await app.GivenOrder(guest, staff, 50);
        }

        app.Clock.Advance(TimeSpan.FromMinutes(10));
        await app.GivenOrder(guest, staff, 500);

        await EventsAreHandled();
        (await Of(guest)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_guest_who_goes_on_is_reported_once_in_each_window()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        for (var i = 0; i < 18; i++)
        {
            await app.GivenOrder(guest, staff, 500);
            app.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await EventsAreHandled();
        // The 4th, the 14th.
        (await Of(guest)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Events_that_arrive_twice_and_in_another_order_raise_the_same_alert()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        for (var i = 0; i < 6; i++)
        {
            await app.GivenOrder(guest, staff, 500);
            app.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        var before = await Raised(guest);
        await app.Database.Execute("delete from loyalty.alerts where user_id = $1", Ct, guest.Value);
        var orders = await app.Database.Column<long>("select id from loyalty.orders where user_id = $1 order by id desc", Ct, guest.Value);
        await Task.WhenAll(orders.Concat(orders).Select(async id => await app.Broker.Publish(
            new OrderPlaced
            {
                OrderId = new OrderId(id),
                UserId = guest,
                Amount = new Money(500),
                Paid = new Money(500),
                PointsEarned = new Points(5),
                PointsSpent = Points.Zero,
                Balance = new Points(5),
                PlacedAt = new DateTimeOffset(
                    await app.Database.Scalar<DateTime>("select placed_at from loyalty.orders where id = $1", Ct, id), TimeSpan.Zero),
            },
            Ct)));

        var again = await Raised(guest);
        ((long)again["details"]!["earnings"]!).ShouldBe((long)before["details"]!["earnings"]!);
        await EventsAreHandled();
        (await Of(guest)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_alert_is_seen_once_and_then_no_longer_among_the_unseen()
    {
        var (guest, manager, colleague) = (await GivenAlert(), await app.GivenStaff(), await app.GivenStaff());
        var id = (long)(await Of(guest)).ShouldHaveSingleItem()["id"]!;

        var seen = await app.Post(app.Manager(manager), $"/api/loyalty/alerts/{id}/seen", body: null);
        var again = await app.Post(app.Manager(colleague), $"/api/loyalty/alerts/{id}/seen", body: null);

        seen.Status.ShouldBe(HttpStatusCode.OK, seen.Body);
        (seen.Json("seenBy"), again.Json("seenBy")).ShouldBe((manager.Value, manager.Value));
        seen.Json("seenAt").ShouldNotBeNull();
        (await List($"?userId={guest}&unseen=true")).ShouldBeEmpty();
        (await List($"?userId={guest}&unseen=false")).ShouldHaveSingleItem();
        (await app.Database.Column<string>("select subject from loyalty.audit where target = $1 and action = 'alert.see'", Ct, $"alert:{id}"))
            .ShouldBe([$"staff:{manager}"]);
    }

    [Fact]
    public async Task Alerts_are_filtered_by_kind_staff_and_day_and_fit_in_a_file()
    {
        var guest = await GivenAlert();
        var staff = (await Of(guest))[0]["staffId"];

        (await List($"?userId={guest}&kind=codeOwn")).ShouldHaveSingleItem();
        (await List($"?userId={guest}&kind=guestVelocity")).ShouldBeEmpty();
        (await List($"?staffId={staff}")).ShouldHaveSingleItem();
        (await List($"?userId={guest}&to=2001-01-01")).ShouldBeEmpty();
        var file = await app.Call(app.Manager(), $"/api/loyalty/alerts?userId={guest}&format=csv");
        file.Body.ShouldContain("\"codeOwn\"");
    }

    [Fact]
    public async Task Only_managers_see_alerts()
    {
        var id = (long)(await Of(await GivenAlert()))[0]["id"]!;
        foreach (var caller in new[] { app.Staff(await app.GivenStaff()), app.Client(await app.GivenGuest()) })
        {
            (await app.Call(caller, "/api/loyalty/alerts")).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
            (await app.Post(caller, $"/api/loyalty/alerts/{id}/seen", body: null)).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        }

        (await app.Post(app.Manager(), $"/api/loyalty/alerts/{long.MaxValue}/seen", body: null)).ShouldBeProblem(HttpStatusCode.NotFound, "alert_not_found");
    }

    [Fact]
    public async Task The_service_cannot_change_an_alert_other_than_to_see_it()
    {
        await GivenAlert();
        await using var service = Npgsql.NpgsqlDataSource.Create(app.Database.Service("loyalty"));
        await using var command = service.CreateCommand("update loyalty.alerts set staff_id = 1");

        (await Should.ThrowAsync<Npgsql.PostgresException>(() => command.ExecuteNonQueryAsync(Ct))).SqlState.ShouldBe("42501");
    }

    private async Task<UserId> GivenAlert()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.CheckCode(app.Staff(staff, guest), await app.GivenCode(guest));
        return guest;
    }

    private async Task<JsonNode> Raised(UserId guest)
    {
        await Eventually.IsTrue(async () => (await Of(guest)).Count > 0, Ct);
        await EventsAreHandled();
        return (await Of(guest)).ShouldHaveSingleItem();
    }

    /// <summary>A guest with four orders has their alert only when the events before it are handled, too.</summary>
    private async Task EventsAreHandled()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        for (var i = 0; i < 4; i++)
        {
            await app.GivenOrder(guest, staff, 500);
        }

        await Eventually.IsTrue(async () => (await Of(guest)).Count > 0, Ct);
        await Eventually.IsTrue(() => app.Database.Scalar<bool>("select not exists (select from loyalty.outbox)", Ct), Ct);
    }

    private Task<IReadOnlyList<JsonNode>> Of(UserId guest) => List($"?userId={guest}");

    private async Task<IReadOnlyList<JsonNode>> List(string query)
    {
        var page = await app.Call(app.Manager(), $"/api/loyalty/alerts{query}");
        page.Status.ShouldBe(HttpStatusCode.OK, page.Body);
        return [.. JsonNode.Parse(page.Body)!["items"]!.AsArray().Select(item => item!)];
    }
}
