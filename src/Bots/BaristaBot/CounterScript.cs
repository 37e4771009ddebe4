using Platform.Bots.Conversations;
using Platform.Contracts.Bots;

namespace Platform.Bots.BaristaBot;

/// <summary>What the bot behind the counter understands.</summary>
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
        .Answer(TakeOrder.Code, TakeOrder.TakeCode)
        .Answer(TakeOrder.Amount, TakeOrder.TakeAmount)
        .Answer(TakeOrder.Confirm, TakeOrder.TakeAmount)
        .Button(TakeOrder.Confirm, TakeOrder.TakeConfirmation, answers: TakeOrder.Confirm)
        .Answer(TakeOrder.Spend, TakeOrder.TakePoints)
        .Button(TakeOrder.Spend, TakeOrder.TakePoints, answers: TakeOrder.Spend)

        .Answer(CheckCard.Number, CheckCard.TakeNumber)

        .Button(ChooseLanguage.Set, ChooseLanguage.Take)

        .Button(UndoOrder.Ask, UndoOrder.AskWhether)
        .Button(UndoOrder.Sure, UndoOrder.Undo)
        .Button(UndoOrder.Keep, UndoOrder.LeaveIt)

        .Stranger(Counter.TellStranger)
        .Otherwise(Counter.TakeCodeOrSayNotUnderstood);
}
