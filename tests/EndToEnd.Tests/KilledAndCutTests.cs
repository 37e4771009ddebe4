using System.Net;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>Processes and connections killed at critical moments: nothing acknowledged is lost, and nothing takes effect twice.</summary>
public sealed class KilledAndCutTests(PlatformApp platform) : IClassFixture<PlatformApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_relay_killed_before_it_deletes_the_event_publishes_twice_with_one_notification()
    {
        var guest = await platform.GivenGuest();
        var code = await platform.Code(guest);
        await using (var gate = await Gate.Before(platform, "delete", "loyalty.outbox"))
        {
            await platform.Order(code, 1250);
            await platform.OrdersAreNotified(guest, orders: 1);
            await platform.Loyalty.Kill();
            await gate.TerminateWaiting();
        }

        await platform.Loyalty.Restart(Ct);
        await platform.OutboxIsEmpty("loyalty");

        var published = await Eventually.Get(() => Task.FromResult(OrdersPublished(guest)), all => all.Count >= 2, Ct);
        published.Distinct().Count().ShouldBe(1);
        await NotifiedExactly(guest, orders: 1);
    }

    [Fact]
    public async Task A_consumer_killed_before_its_acknowledgement_ignores_the_redelivered_event()
    {
        var guest = await platform.GivenGuest();
        var broker = platform.LinksOf(platform.Notifications).Broker;
        await using (var gate = await Gate.Before(platform, "insert", "notifications.notifications"))
        {
            await platform.Order(await platform.Code(guest), 1250);
            await gate.StatementWaits();
            broker.Hang();
        }

        await platform.OrdersAreNotified(guest, orders: 1);
        await platform.Notifications.Kill();
        broker.CutConnections();
        broker.Restore();
        await Eventually.Get(() => platform.Broker.Waiting("notifications", Ct), waiting => waiting == 1, Ct);

        await platform.Notifications.Restart(Ct);

        await NotifiedExactly(guest, orders: 1);
    }

    [Fact]
    public async Task The_event_of_an_order_placed_just_before_a_crash_is_published_after_the_restart()
    {
        var guest = await platform.GivenGuest();
        var code = await platform.Code(guest);
        var broker = platform.LinksOf(platform.Loyalty).Broker;
        broker.Hang();
        var order = await platform.OrderOnce(code, 1250, "killed-after-commit");
        await platform.Loyalty.Kill();
        broker.CutConnections();
        broker.Restore();

        await platform.Loyalty.Restart(Ct);

        order.Status.ShouldBe(HttpStatusCode.Created, order.Body);
        await platform.OrdersAreNotified(guest, orders: 1);
    }

    [Fact]
    public async Task An_order_whose_commit_reply_was_lost_is_placed_once_under_its_key()
    {
        var guest = await platform.GivenGuest();
        var code = await platform.Code(guest);
        var lost = platform.LinksOf(platform.Loyalty).Database.LoseReplyTo("lost-acknowledgement");

        var unsure = await platform.OrderOnce(code, 1250, "lost-acknowledgement");
        await lost.WaitAsync(Ct);
        var again = await platform.OrderOnce(code, 1250, "lost-acknowledgement");

        unsure.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        again.Status.ShouldBe(HttpStatusCode.Created, again.Body);
        (await platform.OrdersOf(guest)).ShouldBe(1);
        (await platform.PointsOf(guest)).ShouldBe(12);
        await platform.OrdersAreNotified(guest, orders: 1);
    }

    [Fact]
    public async Task Services_recover_from_a_database_outage_without_loss_or_restart()
    {
        var guest = await platform.GivenGuest();
        var code = await platform.Code(guest);
        var ofLoyalty = platform.LinksOf(platform.Loyalty).Database;
        var ofNotifications = platform.LinksOf(platform.Notifications).Database;
        ofLoyalty.Cut();
        ofNotifications.Cut();

        var refused = await platform.OrderOnce(code, 1250, "database-cut");
        var again = platform.Order(code, 1250, "database-cut");
        ofLoyalty.Restore();
        var placed = await again;
        // Published while its consumer has no database: the message is retried until it is back.
        await platform.OutboxIsEmpty("loyalty");
        ofNotifications.Restore();

        refused.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        placed.Status.ShouldBe(HttpStatusCode.Created, placed.Body);
        await platform.OrdersAreNotified(guest, orders: 1);
        (await platform.PointsOf(guest)).ShouldBe(12);
        (await platform.Broker.Failures(Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Orders_are_placed_during_a_broker_outage_and_published_later()
    {
        var guest = await platform.GivenGuest();
        var code = await platform.Code(guest);
        var broker = platform.LinksOf(platform.Loyalty).Broker;
        broker.Cut();

        var placed = await platform.OrderOnce(code, 1250, "broker-cut");
        var health = await platform.Get(platform.Loyalty, "/health/ready", token: null);
        broker.Restore();

        placed.Status.ShouldBe(HttpStatusCode.Created, placed.Body);
        health.Status.ShouldBe(HttpStatusCode.OK, health.Body);
        await platform.OrdersAreNotified(guest, orders: 1, PlatformApp.AfterOutage);
    }

    [Fact]
    public async Task One_of_two_replicas_leads_and_the_other_takes_over_when_it_is_killed()
    {
        var second = await platform.Start("loyalty");
        await OneLeads();

        foreach (var (killed, left) in new[] { (platform.Loyalty, second), (second, platform.Loyalty) })
        {
            await killed.Kill();
            var guest = await platform.GivenGuest();
            var account = await Eventually.Get(
                () => platform.Post(left, "/api/loyalty/codes", guest.Token, body: null), answer => answer.Status == HttpStatusCode.Created, Ct);
            await platform.Order((string)account.Json("code")!, 1250, at: left);
            await platform.OrdersAreNotified(guest, orders: 1);
            await killed.Restart(Ct);
            await OneLeads();
        }

        await second.Stop(Ct);

        Task OneLeads() => Eventually.Get(
            () => platform.Database.Scalar<long>(
                "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'loyalty leader outbox'", Ct),
            leaders => leaders == 1, Ct);
    }

    [Fact]
    public async Task Two_hundred_orders_during_kills_of_every_process_are_placed_and_notified_once()
    {
        const int Guests = 8;
        const int OrdersEach = 25;
        var guests = await Task.WhenAll(Enumerable.Range(0, Guests).Select(_ => platform.GivenGuest()));
        await platform.Barista();

        var orders = Task.WhenAll(guests.Select(async guest =>
        {
            for (var i = 0; i < OrdersEach; i++)
            {
                await platform.Order(await platform.Code(guest), 1000 + i);
            }
        }));
        foreach (var killed in new[] { platform.Loyalty, platform.Notifications, platform.Users, platform.Loyalty, platform.Notifications })
        {
            var before = await PlacedSoFar();
            await Eventually.IsTrue(async () => orders.IsCompleted || await PlacedSoFar() > before + 10, Ct);
            await killed.Kill();
            await killed.Restart(Ct);
        }

        await orders;
        foreach (var guest in guests)
        {
            (await platform.OrdersOf(guest)).ShouldBe(OrdersEach);
            await platform.OrdersAreNotified(guest, OrdersEach);
        }

        await platform.OutboxIsEmpty("loyalty");
        foreach (var guest in guests)
        {
            await NotifiedExactly(guest, OrdersEach);
        }

        (await platform.VerifyLoyalty()).ShouldBe(0);

        Task<long> PlacedSoFar() => platform.Database.Scalar<long>(
            "select count(*) from loyalty.orders where user_id = any($1)", Ct, guests.Select(guest => guest.Id.Value).ToArray());
    }

    /// <summary>Checks the exact number after everything sent before was handled, which a later order proves.</summary>
    private async Task NotifiedExactly(Guest guest, long orders)
    {
        var later = await platform.GivenGuest();
        await platform.Order(await platform.Code(later), 100);
        await platform.OrdersAreNotified(later, orders: 1);
        await Eventually.Get(() => platform.Broker.Waiting("notifications", Ct), waiting => waiting == 0, Ct);
        await platform.OrdersAreNotified(guest, orders);
    }

    private List<Guid> OrdersPublished(Guest guest) =>
    [
        .. platform.Broker.Events
            .Where(message => message.Type == "Platform.Contracts.Loyalty.OrderPlaced"
                && message.Json.Contains($"\"userId\":{guest.Id}", StringComparison.Ordinal))
            .Select(message => message.MessageId),
    ];
}
