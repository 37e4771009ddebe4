using System.Globalization;
using Platform.Contracts.Loyalty;
using Platform.Messaging;
using Platform.ServiceDefaults.Time;

namespace Platform.Notifications.Messages;

internal sealed class NotifyOfGift(NotificationQueue queue, BusinessClock wall) : IEventHandler<GiftIssued>, IEventHandler<GiftRedeemed>
{
    /// <summary>A gift that the guest has just bought with points, and been shown.</summary>
    private const string Bought = "reward";

    public Task Handle(GiftIssued happened, CancellationToken ct) => happened.Reason == Bought ? Task.CompletedTask : queue.Add(
        happened.UserId,
        NotificationCategory.Personal,
        TemplateOf(happened.Reason),
        source: $"gift:{happened.GiftId}",
        new IssuedParameters(happened.Title, happened.ExpiresAt is { } end ? wall.DayOf(end) : null),
        happened.IssuedAt,
        ct);

    // A refund makes a gift available again, so it may be redeemed a second time.
    public Task Handle(GiftRedeemed happened, CancellationToken ct) => queue.Add(
        happened.UserId,
        NotificationCategory.Transactional,
        MessageTemplates.GiftRedeemed,
        source: string.Create(CultureInfo.InvariantCulture, $"gift:{happened.GiftId}:{happened.RedeemedAt.ToUnixTimeMilliseconds()}"),
        new RedeemedParameters(happened.Title),
        happened.RedeemedAt,
        ct);

    private static string TemplateOf(string reason) => reason switch
    {
        "birthday" => MessageTemplates.GiftBirthday,
        "level" => MessageTemplates.GiftLevel,
        "campaign" => MessageTemplates.GiftCampaign,
        "referral" => MessageTemplates.GiftReferral,
        _ => MessageTemplates.GiftManual,
    };

    private sealed record IssuedParameters(string Title, DateOnly? ExpiresOn);

    private sealed record RedeemedParameters(string Title);
}
