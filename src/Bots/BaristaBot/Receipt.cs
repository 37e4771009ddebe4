using Platform.Bots.Conversations;
using Platform.Bots.Texts;
using Platform.Contracts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>What the barista is shown of a placed order: right after it, and again when it was not undone after all.</summary>
/// <param name="DebtPaid">Of the points that were earned, those that paid what the guest owed.</param>
/// <param name="NoRefundBecause">The code with which an undo would be refused now; null when it would be done.</param>
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
        turn.Line(
            "order.done",
            ("order", OrderId.ToString()), ("guest", User.ShownIn(turn)), ("amount", Amount),
            ("toPay", ToPay), ("earned", PointsEarned), ("spent", PointsSpent)),
        DebtPaid > Points.Zero ? turn.Line("order.debt_paid", ("debt", DebtPaid)) : null,
        turn.Line("order.balance", ("balance", Balance)),
        LevelUp ? turn.Line("order.level_up", ("level", BotText.Word(turn.Chat.Language, "level", Level))) : null,
    ];

    public InlineKeyboardMarkup UndoButton(Turn turn) => new(turn.Pressable("button.undo", $"{UndoOrder.Ask}:{OrderId}"));
}

/// <param name="Name">As the counter may know it, such as <c>Анна С.</c>; null when it is not known.</param>
internal sealed record GuestAtCounter(string? Name)
{
    public string ShownIn(Turn turn) => Name ?? turn.Label("guest.unnamed");
}
