using Platform.Bots.Conversations;
using Platform.Contracts.Bots;

namespace Platform.Bots.BaristaBot;

internal static class CounterScript
{
    public static BotScript Create() => new BotScript(BotNames.Barista)
        .Command("start", "command.start", Counter.Greet)
        .Command("order", "command.order", TakeOrder.AskCode)
        .Command("card", "command.check_card", CheckCard.AskNumber)
        .Command("language", "command.language", ChooseLanguage.Ask)
        .Command("cancel", "command.cancel", TakeOrder.Cancel)
        .Command("help", "command.help", Counter.Help)

        .MenuItem("menu.order", TakeOrder.AskCode)
        .MenuItem("menu.check_card", CheckCard.AskNumber)
        .MenuItem("menu.cancel", TakeOrder.Cancel)
        .Answer(TakeOrder.Code, TakeOrder.ReadCode)
        .Answer(TakeOrder.Amount, TakeOrder.ReadAmount)
        .Answer(TakeOrder.Confirm, TakeOrder.ReadAmount)
        .Button(TakeOrder.Confirm, TakeOrder.ReadConfirmation, answers: TakeOrder.Confirm)
        .Answer(TakeOrder.Spend, TakeOrder.ReadPoints)
        .Button(TakeOrder.Spend, TakeOrder.ReadPoints, answers: TakeOrder.Spend)

        .Answer(CheckCard.Number, CheckCard.ReadNumber)

        .Button(ChooseLanguage.Set, ChooseLanguage.Read)

        .Button(UndoOrder.Ask, UndoOrder.AskToConfirm)
        .Button(UndoOrder.Confirm, UndoOrder.Undo)
        .Button(UndoOrder.Cancel, UndoOrder.KeepOrder)

        .Forbidden(Counter.ExplainStaffOnly)
        .Fallback(Counter.ReadUnprompted);
}
