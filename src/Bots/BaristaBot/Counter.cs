using Platform.Bots.Conversations;
using Platform.Contracts;
using Platform.Contracts.Users;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>The first word to the staff, and the only one to anybody else.</summary>
internal static class Counter
{
    /// <remarks>By the link of a guest's card it shows the member, and what is under way stays so: the card may come in the middle of an order.</remarks>
    public static async Task Greet(Turn turn, CancellationToken ct)
    {
        if (CheckCard.IsCard(turn.Argument))
        {
            await CheckCard.Show(turn, turn.Argument, ct);
            return;
        }

        turn.Chat.Finish();
        if (await IsStaff(turn, ct))
        {
            await turn.Say("counter.welcome", await Menu(turn, ct), ct, ("name", turn.From.FirstName));
        }
        else
        {
            await TellStranger(turn, ct);
        }
    }

    /// <summary>With the number that an admin has to know who adds staff.</summary>
    public static async Task TellStranger(Turn turn, CancellationToken ct)
    {
        turn.Chat.Finish();
        // Tomorrow they may have been added: what was asked now is no sign of it.
        turn.Gateway.ForgetSession();
        await turn.Say("counter.stranger", new ReplyKeyboardRemove(), ct, ("telegramId", turn.Chat.TelegramId.ToString()));
    }

    public static async Task Help(Turn turn, CancellationToken ct)
    {
        if (await IsStaff(turn, ct))
        {
            await turn.Say("help.barista", await Menu(turn, ct), ct);
        }
        else
        {
            await TellStranger(turn, ct);
        }
    }

    /// <summary>Six digits out of the blue are a guest's code, and MNT-… is their card: at the counter nobody presses a button first.</summary>
    public static async Task TakeCodeOrSayNotUnderstood(Turn turn, CancellationToken ct)
    {
        if (turn.Button is not null)
        {
            await turn.Toast("button.outdated", ct);
        }
        else if (turn.Chat.Step is null && turn.Text is { } text && TakeOrder.IsCode(text))
        {
            await turn.Continue(TakeOrder.Code, ct);
        }
        else if (turn.Chat.Step is null && turn.Text is { } card && CheckCard.IsCard(card))
        {
            await CheckCard.Show(turn, card, ct);
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

    /// <summary>Without what is switched off.</summary>
    public static async Task<ReplyKeyboardMarkup> Menu(Turn turn, CancellationToken ct)
    {
        var items = new List<KeyboardButton> { new(turn.Label("menu.order")) };
        if (await turn.IsOn(Features.Qr, ct))
        {
            items.Add(new(turn.Label("menu.check_card")));
        }

        return new ReplyKeyboardMarkup([items]) { ResizeKeyboard = true, IsPersistent = true };
    }

    public static async Task<bool> IsStaff(Turn turn, CancellationToken ct)
    {
        var me = await turn.Gateway.Get<WhoAmI>("/api/auth/me", ct);
        if (me.StaffId is null)
        {
            // The token may be from before they were added.
            turn.Gateway.ForgetSession();
            me = await turn.Gateway.Get<WhoAmI>("/api/auth/me", ct);
        }

        return me.StaffId is not null;
    }

    private sealed record WhoAmI(StaffId? StaffId);
}
