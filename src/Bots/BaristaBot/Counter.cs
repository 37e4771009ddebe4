using Platform.Bots.Conversations;
using Platform.Contracts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>The first word to the staff, and the only one to anybody else.</summary>
internal static class Counter
{
    public static async Task Greet(Turn turn, CancellationToken ct)
    {
        turn.Chat.Finish();
        if (await IsStaff(turn, ct))
        {
            await turn.Say("counter.welcome", Menu(turn), ct, ("name", turn.From.FirstName));
        }
        else
        {
            await TellStranger(turn, ct);
        }
    }

    /// <summary>With the number that whoever adds staff has to know.</summary>
    public static async Task TellStranger(Turn turn, CancellationToken ct)
    {
        turn.Chat.Finish();
        // Tomorrow he may have been added: what was asked now is no sign of it.
        turn.Gateway.ForgetSession();
        await turn.Say("counter.stranger", new ReplyKeyboardRemove(), ct, ("telegramId", turn.Chat.TelegramId.ToString()));
    }

    public static async Task Help(Turn turn, CancellationToken ct)
    {
        if (await IsStaff(turn, ct))
        {
            await turn.Say("help.barista", Menu(turn), ct);
        }
        else
        {
            await TellStranger(turn, ct);
        }
    }

    /// <summary>Six digits out of the blue are a guest's code: at the counter nobody presses a button first.</summary>
    public static async Task TakeCodeOrSayNotUnderstood(Turn turn, CancellationToken ct)
    {
        if (turn.Button is not null)
        {
            await turn.Toast("button.outdated", ct);
        }
        else if (turn.Chat.Step is null && turn.Text is { } text && TakeOrder.IsCode(text))
        {
            await TakeOrder.TakeCode(turn, ct);
        }
        else if (await IsStaff(turn, ct))
        {
            await turn.Say(turn.Chat.Step is null ? "not_understood.barista" : "not_understood.question", ct);
        }
        else
        {
            await TellStranger(turn, ct);
        }
    }

    public static ReplyKeyboardMarkup Menu(Turn turn) => new(new KeyboardButton(turn.Label("menu.order"))) { ResizeKeyboard = true, IsPersistent = true };

    private static async Task<bool> IsStaff(Turn turn, CancellationToken ct)
    {
        var me = await turn.Gateway.Get<WhoAmI>("/api/auth/me", ct);
        if (me.StaffId is null)
        {
            // The token may be from before he was added.
            turn.Gateway.ForgetSession();
            me = await turn.Gateway.Get<WhoAmI>("/api/auth/me", ct);
        }

        return me.StaffId is not null;
    }

    private sealed record WhoAmI(StaffId? StaffId);
}
