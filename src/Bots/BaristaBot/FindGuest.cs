using Platform.Bots.Conversations;
using Platform.Contracts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>Shows a guest's level, points and number of gifts, with buttons for what a barista may do for them.</summary>
internal static class FindGuest
{
    public const string Guest = "find.guest";
    public const string Open = "find.open";

    public static Task AskGuest(Turn turn, CancellationToken ct) => GuestSearch.Ask(turn, Guest, "find.guest", ct);

    public static async Task ReadGuest(Turn turn, CancellationToken ct)
    {
        if (await GuestSearch.Read(turn, Open, ct) is { } guest)
        {
            await Show(turn, guest, ct);
        }
    }

    public static async Task ReadPressedGuest(Turn turn, CancellationToken ct)
    {
        if (await GuestSearch.ReadPressed(turn, ct) is { } guest)
        {
            await Show(turn, guest, ct);
        }
    }

    public static InlineKeyboardMarkup Actions(Turn turn, FoundGuest guest)
    {
        var give = turn.Texts.Button("button.give_to", $"{GiveGift.To}:{guest.UserId}");
        var tell = turn.Texts.Button("button.tell_to", $"{TellGuest.To}:{guest.UserId}");
        return guest.Gifts == 0
            ? new InlineKeyboardMarkup([[give], [tell]])
            : new InlineKeyboardMarkup([[give], [turn.Texts.Button("button.redeem_of", $"{RedeemGift.Of}:{guest.UserId}", ("gifts", guest.Gifts))], [tell]]);
    }

    private static async Task Show(Turn turn, FoundGuest guest, CancellationToken ct)
    {
        turn.Chat.Finish();
        await turn.Reply.SayLines(
            Actions(turn, guest), ct,
            turn.Texts.Line("find.card", ("guest", guest.ShownIn(turn)), ("level", guest.LevelIn(turn)), ("points", guest.Points)),
            guest.Debt > Points.Zero ? turn.Texts.Line("find.debt", ("debt", guest.Debt)) : null,
            turn.Texts.Line("find.gifts", ("gifts", guest.Gifts)));
        await turn.Reply.Say("order.next", await Counter.Menu(turn, ct), ct);
    }
}
