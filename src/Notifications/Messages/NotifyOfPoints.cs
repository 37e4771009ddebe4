using System.Globalization;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Messaging;

namespace Platform.Notifications.Messages;

/// <summary>Notifies a guest of points that came from elsewhere than an order, and of points that will expire.</summary>
internal sealed class NotifyOfPoints(NotificationQueue queue) : IEventHandler<PointsChanged>, IEventHandler<PointsExpiring>
{
    public Task Handle(PointsChanged happened, CancellationToken ct) => TemplateOf(happened) is not { } template ? Task.CompletedTask : queue.Add(
        happened.UserId,
        NotificationCategory.Personal,
        template,
        source: $"points:{happened.EntryId}",
        new ChangedParameters(new Points(Math.Abs(happened.Delta.Value)), happened.Balance),
        happened.ChangedAt,
        ct);

    public Task Handle(PointsExpiring happened, CancellationToken ct) => queue.Add(
        happened.UserId,
        NotificationCategory.Reminder,
        MessageTemplates.PointsExpiring,
        source: string.Create(CultureInfo.InvariantCulture, $"points_end:{happened.ExpiresOn:O}"),
        new ExpiringParameters(happened.Points, happened.ExpiresOn),
        happened.WarnedAt,
        ct);

    /// <returns>Null for changes that the guest sees elsewhere: a reward that they buy, an expiry that they were warned of.</returns>
    private static string? TemplateOf(PointsChanged happened) => happened.Reason switch
    {
        "bonus" => MessageTemplates.PointsBonus,
        "referral" => MessageTemplates.PointsReferral,
        "adjustment" => happened.Delta < Points.Zero ? MessageTemplates.PointsTaken : MessageTemplates.PointsAdded,
        _ => null,
    };

    private sealed record ChangedParameters(Points Points, Points Balance);

    private sealed record ExpiringParameters(Points Points, DateOnly ExpiresOn);
}
