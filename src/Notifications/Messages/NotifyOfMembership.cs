using System.Globalization;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.ServiceDefaults.Time;

namespace Platform.Notifications.Messages;

internal sealed class NotifyOfMembership(NotificationQueue queue, BusinessClock wall)
    : IEventHandler<MembershipActivated>, IEventHandler<MembershipExpiring>, IEventHandler<MembershipExpired>
{
    public Task Handle(MembershipActivated happened, CancellationToken ct) => queue.Add(
        happened.UserId,
        NotificationCategory.Transactional,
        happened.Prolonged ? MessageTemplates.MembershipProlonged : MessageTemplates.MembershipActivated,
        source: $"membership:{happened.Version}",
        new Parameters(happened.MemberId, wall.DayOf(happened.ExpiresAt)),
        happened.ActivatedAt,
        ct);

    // The due time of the reminder is the only time that is the same in each delivery.
    public Task Handle(MembershipExpiring happened, CancellationToken ct) => queue.Add(
        happened.UserId,
        NotificationCategory.Reminder,
        MessageTemplates.MembershipExpiring,
        source: string.Create(CultureInfo.InvariantCulture, $"membership_end:{happened.ExpiresAt.ToUnixTimeMilliseconds()}:{happened.Reminder}"),
        new ExpiringParameters(happened.MemberId, wall.DayOf(happened.ExpiresAt), happened.DaysLeft),
        happened.ExpiresAt.AddDays(-happened.Reminder),
        ct);

    public Task Handle(MembershipExpired happened, CancellationToken ct) => queue.Add(
        happened.UserId,
        NotificationCategory.Personal,
        MessageTemplates.MembershipExpired,
        source: $"membership:{happened.Version}",
        new Parameters(happened.MemberId, wall.DayOf(happened.ExpiredAt)),
        happened.ExpiredAt,
        ct);

    private sealed record Parameters(string MemberId, DateOnly ExpiresOn);

    private sealed record ExpiringParameters(string MemberId, DateOnly ExpiresOn, int DaysLeft);
}
