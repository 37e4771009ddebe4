using Platform.Contracts.Loyalty;
using Platform.Messaging;

namespace Platform.Notifications.Messages;

/// <summary>Notifies a guest of a higher level. A level lost by a refund is part of the refund's notification.</summary>
internal sealed class NotifyOfLevel(NotificationQueue queue) : IEventHandler<LevelChanged>
{
    // The source is the account's version and not the level, because after a refund a guest may reach the same level again.
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
