using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Messaging.Tests;

public sealed class InboxTests(OrderCounter service) : IClassFixture<OrderCounter>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_is_delivered_twice_takes_effect_once()
    {
        var (order, messageId) = (Order(4_001), Guid.CreateVersion7());

        await service.Broker.Publish(order, Ct, messageId);
        await service.Broker.Publish(order, Ct, messageId);

        await Eventually.IsTrue(() => Task.FromResult(service.Handled.CountOf(messageId) >= 2), Ct);
        (await service.Recorded(order, Ct)).ShouldBe(1);
        (await service.InInbox(messageId, Ct)).ShouldBeTrue();
    }

    [Fact]
    public async Task Two_messages_about_the_same_order_are_both_handled()
    {
        var order = Order(4_002);

        await service.Broker.Publish(order, Ct);
        await service.Broker.Publish(order, Ct);

        await Eventually.IsTrue(async () => await service.Recorded(order, Ct) == 2, Ct);
    }

    [Fact]
    public async Task An_event_added_by_a_handler_is_published()
    {
        var order = Order(4_003);

        await service.Broker.Publish(order, Ct);

        await service.Broker.Published<UserBlocked>(blocked => blocked.UserId == order.UserId, Ct);
    }

    [Fact]
    public async Task A_message_whose_handler_fails_goes_to_the_error_queue_and_leaves_nothing_behind()
    {
        var (order, messageId) = (Order(4_004) with { Amount = OrderCounter.Unbearable }, Guid.CreateVersion7());

        await service.Broker.Publish(order, Ct, messageId);

        var failure = (await Eventually.Get(() => service.Broker.Failures(Ct), failures => failures.Count > 0, Ct)).ShouldHaveSingleItem();
        failure.ShouldContain("An order that cannot be handled.");
        failure.ShouldContain($"\"orderId\":{order.OrderId.Value}");
        (await service.Recorded(order, Ct)).ShouldBe(0);
        (await service.InInbox(messageId, Ct)).ShouldBeFalse();
        service.Broker.Events.Count(message => message.Type == typeof(UserBlocked).FullName && message.Json.Contains($"{order.UserId.Value}")).ShouldBe(0);
    }

    private static OrderPlaced Order(long id) => new()
    {
        OrderId = new OrderId(id), UserId = new UserId(id), Amount = new Money(100), Paid = new Money(100), PointsEarned = new Points(1),
        PointsSpent = new Points(0), Balance = new Points(1), PlacedAt = TimeProvider.System.GetUtcNow(),
    };
}
