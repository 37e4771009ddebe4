using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Messaging;

namespace Platform.Notifications.Messages;

internal sealed class NotifyOfRefund(NotificationQueue queue) : IEventHandler<OrderRefunded>
{
    public Task Handle(OrderRefunded happened, CancellationToken ct) => queue.Add(
        happened.UserId,
        NotificationCategory.Transactional,
        happened.Debt > Points.Zero ? MessageTemplates.OrderRefundedOnCredit : MessageTemplates.OrderRefunded,
        source: $"refund:{happened.RefundId}",
        new Parameters(
            happened.Amount, happened.PointsTakenBack + (happened.PointsCorrected ?? Points.Zero), happened.PointsReturned, happened.Balance, happened.Debt),
        happened.RefundedAt,
        ct);

    private sealed record Parameters(Money Amount, Points PointsTakenBack, Points PointsReturned, Points Balance, Points Debt);
}
