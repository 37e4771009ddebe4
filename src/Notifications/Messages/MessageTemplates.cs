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
    };

    /// <summary>Rows outlive templates: a template that was removed falls back to the guests' bot.</summary>
    public static string[] BotsOf(string template) => Bots.GetValueOrDefault(template) ?? [BotNames.Client];
}
