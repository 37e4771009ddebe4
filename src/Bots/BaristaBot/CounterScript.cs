using Platform.Bots.Conversations;
using Platform.Contracts.Bots;

namespace Platform.Bots.BaristaBot;

internal static class CounterScript
{
    public static BotScript Create() => new BotScript(BotNames.Barista)
        .Command("start", "command.start", Counter.Greet)
        .Command("order", "command.order", TakeOrder.AskCode)
        .Command("find", "command.find", FindGuest.AskGuest)
        .Command("gift", "command.give", GiveGift.AskGuest)
        .Command("redeem", "command.redeem", RedeemGift.AskGuest)
        .Command("card", "command.check_card", CheckCard.AskNumber)
        .Command("shift", "command.shift", WorkShift.Show)
        .Command("history", "command.mine", MyHistory.Show)
        .Command("write", "command.tell", TellGuest.AskGuest)
        .Command("language", "command.language", ChooseLanguage.Ask)
        .Command("cancel", "command.cancel", TakeOrder.Cancel)
        .Command("help", "command.help", Counter.Help)

        .MenuItem("menu.order", TakeOrder.AskCode)
        .MenuItem("menu.find", FindGuest.AskGuest)
        .MenuItem("menu.give", GiveGift.AskGuest)
        .MenuItem("menu.redeem", RedeemGift.AskGuest)
        .MenuItem("menu.shift", WorkShift.Show)
        .MenuItem("menu.mine", MyHistory.Show)
        .MenuItem("menu.tell", TellGuest.AskGuest)
        .MenuItem("menu.check_card", CheckCard.AskNumber)
        .MenuItem("menu.tell_all", TellAll.AskText)
        .MenuItem("menu.alerts", WatchAlerts.Show)
        .MenuItem("menu.cancel", TakeOrder.Cancel)

        .Answer(TakeOrder.Code, TakeOrder.ReadCode)
        .Answer(TakeOrder.Amount, TakeOrder.ReadAmount)
        .Answer(TakeOrder.Confirm, TakeOrder.ReadAmount)
        .Button(TakeOrder.Confirm, TakeOrder.ReadConfirmation, answers: TakeOrder.Confirm)
        .Answer(TakeOrder.Spend, TakeOrder.ReadPoints)
        .Button(TakeOrder.Spend, TakeOrder.ReadPoints, answers: TakeOrder.Spend)

        .Answer(FindGuest.Guest, FindGuest.ReadGuest)
        .Button(FindGuest.Open, FindGuest.ReadPressedGuest)

        .Answer(GiveGift.Guest, GiveGift.ReadGuest)
        .Button(GiveGift.To, GiveGift.ReadPressedGuest)
        .Answer(GiveGift.Title, GiveGift.ReadTitle)
        .Button(GiveGift.Title, GiveGift.ReadTitle, answers: GiveGift.Title)
        .Answer(GiveGift.Sure, GiveGift.ReadConfirmation)
        .Button(GiveGift.Sure, GiveGift.ReadConfirmation, answers: GiveGift.Sure)

        .Answer(RedeemGift.Guest, RedeemGift.ReadGuest)
        .Button(RedeemGift.Of, RedeemGift.ReadPressedGuest)
        .Button(RedeemGift.List, RedeemGift.ShowGiftsAgain)
        .Button(RedeemGift.Choose, RedeemGift.AskToConfirm)
        .Button(RedeemGift.Sure, RedeemGift.Redeem)
        .Button(RedeemGift.WithOrder, RedeemGift.ShowForOrder)
        .Button(RedeemGift.SureWithOrder, RedeemGift.RedeemWithOrder)
        .Button(RedeemGift.Back, RedeemGift.BackToReceipt)

        .Answer(WorkShift.Shop, WorkShift.ReadShop)
        .Button(WorkShift.Shop, WorkShift.ReadShop, answers: WorkShift.Shop)
        .Button(WorkShift.Refresh, WorkShift.ShowAgain)
        .Button(WorkShift.Close, WorkShift.AskToClose)
        .Button(WorkShift.Sure, WorkShift.CloseShift)

        .Button(MyHistory.Page, MyHistory.TurnPage)

        .Answer(TellGuest.Guest, TellGuest.ReadGuest)
        .Button(TellGuest.To, TellGuest.ReadPressedGuest)
        .Answer(TellGuest.Text, TellGuest.ReadText)
        .Answer(TellGuest.Sure, TellGuest.ReadConfirmation)
        .Button(TellGuest.Sure, TellGuest.ReadConfirmation, answers: TellGuest.Sure)
        .Answer(TellAll.Text, TellAll.ReadText)
        .Answer(TellAll.Sure, TellAll.ReadConfirmation)
        .Button(TellAll.Sure, TellAll.ReadConfirmation, answers: TellAll.Sure)

        .Button(WatchAlerts.Seen, WatchAlerts.MarkAsSeen)

        .Answer(CheckCard.Number, CheckCard.ReadNumber)

        .Button(ChooseLanguage.Set, ChooseLanguage.Read)

        .Button(UndoOrder.Ask, UndoOrder.AskToConfirm)
        .Button(UndoOrder.Confirm, UndoOrder.Undo)
        .Button(UndoOrder.Cancel, UndoOrder.KeepOrder)

        .Forbidden(Counter.ExplainStaffOnly)
        .Fallback(Counter.ReadUnprompted);
}
