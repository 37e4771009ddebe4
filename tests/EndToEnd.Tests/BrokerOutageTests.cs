using System.Net;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>The platform on a broker that the test can stop.</summary>
public sealed class PlatformOnItsOwnBroker : PlatformApp
{
    public BrokerServer Server { get; } = new();

    protected override Uri BrokerAddress => Server.Address;

    protected override async Task BeforeServices()
    {
        await Server.Start(Ct);
        foreach (var service in new[] { "Users", "Loyalty", "Notifications" })
        {
            var outcome = await ServiceProcess.Run(
                Repository.Program(service), ["migrate"],
                [
                    new("ConnectionStrings:owner", Database.Owner(service.ToLowerInvariant())),
                    new("ConnectionStrings:database", Database.Service(service.ToLowerInvariant())),
                    new("ConnectionStrings:rabbitmq", Server.Address.ToString()),
                ],
                TimeSpan.FromMinutes(1));
            outcome.ExitCode.ShouldBe(0, outcome.Output);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Server.DisposeAsync();
    }
}

public sealed class BrokerOutageTests(PlatformOnItsOwnBroker platform) : IClassFixture<PlatformOnItsOwnBroker>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Orders_are_placed_while_the_broker_is_down_and_their_events_follow_later()
    {
        var (first, second) = (await platform.GivenGuest(), await platform.GivenGuest());
        var codes = (OfFirst: await platform.Code(first), OfSecond: await platform.Code(second));
        await platform.Server.Stop(Ct);

        var placed = await platform.OrderOnce(codes.OfFirst, 1250, "broker-stopped");
        await platform.Loyalty.Kill();
        await platform.Loyalty.Restart(Ct);
        var placedAfterRestart = await platform.OrderOnce(codes.OfSecond, 1250, "broker-still-stopped");
        var health = await platform.Get(platform.Loyalty, "/health/ready", token: null);

        placed.Status.ShouldBe(HttpStatusCode.Created, placed.Body);
        placedAfterRestart.Status.ShouldBe(HttpStatusCode.Created, placedAfterRestart.Body);
        health.Status.ShouldBe(HttpStatusCode.OK, health.Body);
        health.Json("status").ShouldBe("degraded");

        await platform.Server.Start(Ct);

        await platform.OrdersAreNotified(first, orders: 1, PlatformApp.AfterOutage);
        await platform.OrdersAreNotified(second, orders: 1, PlatformApp.AfterOutage);
        await platform.OutboxIsEmpty("loyalty");
    }
}
