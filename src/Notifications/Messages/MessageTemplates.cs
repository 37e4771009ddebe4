using Platform.Contracts.Bots;

namespace Platform.Notifications.Messages;

/// <summary>Which bots tell a text, the best first: the first that the person has started and not blocked does.</summary>
internal static class MessageTemplates
{
    public const string OrderPlaced = "order_placed";

    public const string OrderRefunded = "order_refunded";

    /// <summary>The same when the guest's points did not suffice to take back what the order had earned.</summary>
    public const string OrderRefundedOnCredit = "order_refunded_on_credit";

    public const string LevelChanged = "level_changed";

    public const string MembershipActivated = "membership_activated";

    /// <summary>He was a premium member already, and is for longer.</summary>
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

    /// <summary>Rows outlive texts: of one that is no more, the guests' bot tells.</summary>
    public static string[] BotsOf(string template) => Bots.GetValueOrDefault(template) ?? [BotNames.Client];
}
