using Platform.Contracts.Loyalty;
using Platform.Messaging;

namespace Platform.Loyalty.StampCards;

/// <summary>Stamps the cards that are on for a guest's order.</summary>
internal sealed class StampOrder(StampBook stamps) : IEventHandler<OrderPlaced>
{
    public Task Handle(OrderPlaced happened, CancellationToken ct) => stamps.Settle(happened.UserId, happened.OrderId, ct);
}
