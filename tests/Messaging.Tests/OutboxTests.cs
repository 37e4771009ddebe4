using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Messaging.Tests;

public sealed class OutboxTests(OrderCounter service) : IClassFixture<OrderCounter>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_is_published_only_if_its_transaction_commits()
    {
        var (rolledBack, committed) = (new UserId(1_001), new UserId(1_002));

        await service.Block(rolledBack, commit: false, Ct);
        await service.Block(committed, commit: true, Ct);

        // An empty outbox: whatever there was to publish is published.
        await service.Broker.Published<UserBlocked>(blocked => blocked.UserId == committed, Ct);
        await Eventually.IsTrue(async () => await service.InOutbox(Ct) == 0, Ct);
        service.Broker.Events.Count(message => message.Json.Contains($"{rolledBack.Value}")).ShouldBe(0);
    }

    [Fact]
    public async Task Events_are_published_although_connections_to_the_broker_are_cut()
    {
        var guests = Enumerable.Range(2_000, 300).Select(id => new UserId(id)).ToList();

        await Task.WhenAll(
            Parallel.ForEachAsync(guests, Ct, async (guest, ct) => await service.Block(guest, commit: true, ct)),
            Eventually.IsTrue(async () => await service.Broker.CutConnections() > 0, Ct));

        foreach (var guest in guests)
        {
            await service.Broker.Published<UserBlocked>(blocked => blocked.UserId == guest, Ct);
        }

        await Eventually.IsTrue(async () => await service.InOutbox(Ct) == 0, Ct);
    }

    [Fact]
    public async Task An_event_that_the_module_does_not_list_cannot_be_added()
    {
        var unlisted = new UserUnblocked { UserId = new UserId(3_001), UnblockedAt = default, Version = 2 };

        (await Should.ThrowAsync<InvalidOperationException>(() => service.Add(unlisted))).Message.ShouldContain(nameof(UserUnblocked));
    }
}
