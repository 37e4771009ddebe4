using Platform.Bots.Conversations;
using Platform.Bots.Texts;
using Platform.Contracts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>A placed order as the barista sees it: right after placing it, and again when they decide not to undo it.</summary>
/// <param name="DebtPaid">The part of the earned points that paid the guest's debt.</param>
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
        LevelUp ? turn.Texts.Line("order.level_up", ("level", BotText.Word(turn.Chat.Language, "level", Level))) : null,
    ];

    public InlineKeyboardMarkup UndoButton(Turn turn) => new(turn.Texts.Button("button.undo", $"{UndoOrder.Ask}:{OrderId}"));
}

/// <param name="Name">Shortened, such as <c>Анна С.</c>; null when unknown.</param>
internal sealed record GuestAtCounter(string? Name)
{
    public string ShownIn(Turn turn) => Name ?? turn.Texts.Label("guest.unnamed");
}
