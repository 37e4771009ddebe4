using Platform.Contracts.Loyalty;
using Platform.Messaging;

namespace Platform.Loyalty.StampCards;

/// <summary>Removes the stamps of an order that was refunded in full.</summary>
internal sealed class UnstampOrder(StampBook stamps) : IEventHandler<OrderRefunded>
{
    public Task Handle(OrderRefunded happened, CancellationToken ct) => stamps.Settle(happened.UserId, happened.OrderId, ct);
}
