using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Messaging;

namespace Platform.Notifications.Messages;

internal sealed class NotifyOfOrder(NotificationQueue queue) : IEventHandler<OrderPlaced>
{
    public Task Handle(OrderPlaced happened, CancellationToken ct) => queue.Add(
        happened.UserId,
        NotificationCategory.Transactional,
        MessageTemplates.OrderPlaced,
        source: $"order:{happened.OrderId}",
        new Parameters(happened.Amount, happened.Paid, happened.PointsEarned, happened.PointsSpent, happened.Balance),
        happened.PlacedAt,
        ct);

    private sealed record Parameters(Money Amount, Money Paid, Points PointsEarned, Points PointsSpent, Points Balance);
}
