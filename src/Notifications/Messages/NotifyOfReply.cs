using Platform.Contracts.Loyalty;
using Platform.Messaging;

namespace Platform.Notifications.Messages;

/// <summary>Passes the management's reply on to the guest who wrote.</summary>
internal sealed class NotifyOfReply(NotificationQueue queue) : IEventHandler<ManagementReplied>
{
    public Task Handle(ManagementReplied happened, CancellationToken ct) => queue.Add(
        happened.UserId,
        NotificationCategory.Transactional,
        MessageTemplates.ManagementReplied,
        source: $"reply:{happened.ReplyId}",
        new Parameters(string.IsNullOrWhiteSpace(happened.InReplyTo) ? null : happened.InReplyTo, happened.Text),
        happened.RepliedAt,
        ct);

    private sealed record Parameters(string? InReplyTo, string Text);
}
