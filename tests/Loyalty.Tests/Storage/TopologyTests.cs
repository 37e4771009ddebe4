using Platform.Testing;

namespace Platform.Loyalty.Tests.Storage;

public sealed class TopologyTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    [Fact]
    public async Task Migrate_declares_all_that_the_bus_declares_when_the_service_starts()
    {
        await using var migrated = await VirtualHost.Create("loyalty");
        var declared = await migrated.Topology();
        declared.Count.ShouldBeGreaterThan(10, "Found too few parts: this test would prove nothing.");
        (await app.GivenGuest()).Value.ShouldBeGreaterThan(0);

        (await app.Broker.Topology()).ShouldBe(declared);
    }
}
