using Platform.Bots.Conversations;
using Platform.Bots.Texts;
using Platform.Contracts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>A placed order as the barista sees it: right after placing it, and again when they decide not to undo it.</summary>
/// <param name="DebtPaid">The part of the earned points that paid the guest's debt.</param>
/// <param name="Why">The rule by which the points were earned; only right after placing the order.</param>
/// <param name="NoRefundBecause">The error code with which an undo would be refused now; null when it is possible.</param>
internal sealed record Receipt(
    OrderId OrderId,
    GuestAtCounter User,
    Money Amount,
    Money ToPay,
    Points PointsEarned,
    Points PointsSpent,
    Points DebtPaid,
    Points Balance,
    string Level,
    bool LevelUp,
    AppliedRule? Why = null,
    string? NoRefundBecause = null)
{
    public string?[] Lines(Turn turn) =>
    [
        turn.Texts.Line(
            "order.done",
            ("order", OrderId.ToString()), ("guest", User.ShownIn(turn)), ("amount", Amount),
            ("toPay", ToPay), ("earned", PointsEarned), ("spent", PointsSpent)),
        DebtPaid > Points.Zero ? turn.Texts.Line("order.debt_paid", ("debt", DebtPaid)) : null,
        turn.Texts.Line("order.balance", ("balance", Balance)),
        Why?.Campaign is { Title: var campaign } ? turn.Texts.Line("order.campaign", ("campaign", campaign)) : null,
        LevelUp ? turn.Texts.Line("order.level_up", ("level", BotText.Word(turn.Chat.Language, "level", Level))) : null,
    ];

    /// <param name="gifts">The gifts that the guest can redeem now.</param>
    public InlineKeyboardMarkup Keyboard(Turn turn, IReadOnlyList<AvailableGift> gifts)
    {
        var undo = turn.Texts.Button("button.undo", $"{UndoOrder.Ask}:{OrderId}");
        return gifts.Count == 0
            ? new InlineKeyboardMarkup(undo)
            : new InlineKeyboardMarkup(
            [
                [turn.Texts.Button("button.redeem_with_order", $"{RedeemGift.WithOrder}:{OrderId}", ("gifts", (long)gifts.Count))],
                [undo],
            ]);
    }
}

/// <param name="Campaign">The campaign that added points; null when there was none.</param>
internal sealed record AppliedRule(AppliedCampaign? Campaign);

internal sealed record AppliedCampaign(string Title);

/// <param name="Name">Shortened, such as <c>Анна С.</c>; null when unknown.</param>
internal sealed record GuestAtCounter(UserId UserId, string? Name)
{
    public string ShownIn(Turn turn) => Name ?? turn.Texts.Label("guest.unnamed");
}
