using Platform.Contracts.Bots;

namespace Platform.Notifications.Messages;

/// <summary>Templates and the bots that send them, in order of preference: the first that the person has started and not blocked.</summary>
internal static class MessageTemplates
{
    public const string OrderPlaced = "order_placed";

    public const string OrderRefunded = "order_refunded";

    /// <summary>A refund after which the guest owes points.</summary>
    public const string OrderRefundedOnCredit = "order_refunded_on_credit";

    public const string LevelChanged = "level_changed";

    public const string MembershipActivated = "membership_activated";

    /// <summary>A premium membership that was already active was extended.</summary>
    public const string MembershipProlonged = "membership_prolonged";

    public const string MembershipExpiring = "membership_expiring";

    public const string MembershipExpired = "membership_expired";

    public const string GiftBirthday = "gift_birthday";

    public const string GiftLevel = "gift_level";

    public const string GiftCampaign = "gift_campaign";

    public const string GiftReferral = "gift_referral";

    /// <summary>A gift from the staff, and one for a reason that is not known here.</summary>
    public const string GiftManual = "gift_manual";

    public const string GiftRedeemed = "gift_redeemed";

    public const string PointsBonus = "points_bonus";

    public const string PointsReferral = "points_referral";

    public const string PointsAdded = "points_added";

    public const string PointsTaken = "points_taken";

    public const string PointsExpiring = "points_expiring";

    public const string ManagementReplied = "management_replied";

    /// <summary>Written by the staff to one guest.</summary>
    public const string StaffMessage = "staff_message";

    /// <summary>Written by the staff to all guests; says how to switch such messages off.</summary>
    public const string Broadcast = "broadcast";

    private static readonly Dictionary<string, string[]> Bots = new()
    {
        [OrderPlaced] = [BotNames.Client],
        [OrderRefunded] = [BotNames.Client],
        [OrderRefundedOnCredit] = [BotNames.Client],
        [LevelChanged] = [BotNames.Client],
        [MembershipActivated] = [BotNames.Client],
        [MembershipProlonged] = [BotNames.Client],
        [MembershipExpiring] = [BotNames.Client],
        [MembershipExpired] = [BotNames.Client],
        [GiftBirthday] = [BotNames.Client],
        [GiftLevel] = [BotNames.Client],
        [GiftCampaign] = [BotNames.Client],
        [GiftReferral] = [BotNames.Client],
        [GiftManual] = [BotNames.Client],
        [GiftRedeemed] = [BotNames.Client],
        [PointsBonus] = [BotNames.Client],
        [PointsReferral] = [BotNames.Client],
        [PointsAdded] = [BotNames.Client],
        [PointsTaken] = [BotNames.Client],
        [PointsExpiring] = [BotNames.Client],
        [ManagementReplied] = [BotNames.Client],
        [StaffMessage] = [BotNames.Client],
        [Broadcast] = [BotNames.Client],
    };

    /// <summary>Rows outlive templates: a template that was removed falls back to the guests' bot.</summary>
    public static string[] BotsOf(string template) => Bots.GetValueOrDefault(template) ?? [BotNames.Client];
}
