using Platform.Contracts.Loyalty;
using Platform.Messaging;

namespace Platform.Notifications.Messages;

/// <summary>Tells the guest which higher level he has reached. Of one that a refund took away he hears with the refund.</summary>
internal sealed class NotifyOfLevel(NotificationQueue queue) : IHandle<LevelChanged>
{
    // The account's version names the change: after a refund a guest may reach the same level again.
    public Task Handle(LevelChanged happened, CancellationToken ct) => queue.Add(
        happened.UserId,
        NotificationCategory.Personal,
        MessageTemplates.LevelChanged,
        source: $"level:{happened.Version}",
        new Parameters(happened.From, happened.To),
        happened.ChangedAt,
        ct);

    private sealed record Parameters(string From, string Level);
}
