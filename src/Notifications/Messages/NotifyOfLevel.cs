using Platform.Contracts.Loyalty;
using Platform.ServiceDefaults.Messaging;

namespace Platform.Notifications.Messages;

/// <summary>Tells the guest which level he has now: mostly a higher one, after a refund perhaps a lower.</summary>
internal sealed class NotifyOfLevel(NotificationQueue queue) : IHandle<LevelChanged>
{
    // The account's version names the change: a guest may reach the same level twice.
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
