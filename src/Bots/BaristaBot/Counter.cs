using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Features;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>Greets the staff, and tells others that this bot is not for them.</summary>
internal static class Counter
{
    /// <remarks>The link in a card's QR code shows the member and interrupts nothing: a card may be scanned in the middle of an order.</remarks>
    public static async Task Greet(Turn turn, CancellationToken ct)
    {
        if (CheckCard.IsCard(turn.Input.Argument))
        {
            await CheckCard.Show(turn, turn.Input.Argument, ct);
            return;
        }

        turn.Chat.Finish();
        // For a menu with the rights that they have now.
        turn.Gateway.InvalidateToken();
        if (await IsStaff(turn, ct))
        {
            await turn.Reply.Say("counter.welcome", await Menu(turn, ct), ct, ("name", turn.Input.From.FirstName));
        }
        else
        {
            await ExplainStaffOnly(turn, ct);
        }
    }

    /// <summary>Shows the Telegram id, which an admin needs to add someone as staff.</summary>
    public static async Task ExplainStaffOnly(Turn turn, CancellationToken ct)
    {
        turn.Chat.Finish();
        // They may be added at any moment.
        turn.Gateway.InvalidateToken();
        await turn.Reply.Say("counter.stranger", new ReplyKeyboardRemove(), ct, ("telegramId", turn.Chat.TelegramId.ToString()));
    }

    public static async Task Help(Turn turn, CancellationToken ct)
    {
        if (await IsStaff(turn, ct))
        {
            await turn.Reply.Say("help.barista", await Menu(turn, ct), ct);
        }
        else
        {
            await ExplainStaffOnly(turn, ct);
        }
    }

    /// <summary>Six digits are a guest's code, and MNT-… is a card, without pressing a button first.</summary>
    public static async Task ReadUnprompted(Turn turn, CancellationToken ct)
    {
        if (turn.Input.Button is not null)
        {
            await turn.Reply.Toast("button.outdated", ct);
        }
        else if (turn.Chat.Step is null && turn.Input.Text is { } text && TakeOrder.IsCode(text))
        {
            turn.ContinueWith(TakeOrder.Code);
        }
        else if (turn.Chat.Step is null && turn.Input.Text is { } card && CheckCard.IsCard(card))
        {
            await CheckCard.Show(turn, card, ct);
        }
        else if (await IsStaff(turn, ct))
        {
            await turn.Reply.Say(turn.Chat.Step is null ? "not_understood.barista" : "not_understood.question", ct);
        }
        else
        {
            await ExplainStaffOnly(turn, ct);
        }
    }

    /// <summary>Two columns, with the items that this member of the staff may use.</summary>
    public static async Task<ReplyKeyboardMarkup> Menu(Turn turn, CancellationToken ct)
    {
        List<string> items = ["menu.order", "menu.find", "menu.give", "menu.redeem", "menu.shift", "menu.mine", "menu.tell"];
        if (await FeatureSwitches.IsOn(turn.Db, Features.Qr, ct))
        {
            items.Add("menu.check_card");
        }

        var me = await MeOrNull(turn, ct);
        if (me?.Broadcast is true)
        {
            items.Add("menu.tell_all");
        }

        if (me?.IsManager is true)
        {
            items.Add("menu.alerts");
        }

        return new ReplyKeyboardMarkup(items.Select(item => new KeyboardButton(turn.Texts.Label(item))).Chunk(2))
        {
            ResizeKeyboard = true,
            IsPersistent = true,
        };
    }

    public static async Task<bool> IsStaff(Turn turn, CancellationToken ct) => (await Me(turn, ct)).StaffId is not null;

    /// <param name="may">The right that they need; by default, to be staff.</param>
    public static async Task<WhoAmI> Me(Turn turn, CancellationToken ct, Func<WhoAmI, bool>? may = null)
    {
        var me = await turn.Gateway.Get<WhoAmI>("/api/auth/me", ct);
        if (me.StaffId is null || may?.Invoke(me) is false)
        {
            // The token may be older than their staff role or their rights.
            turn.Gateway.InvalidateToken();
            me = await turn.Gateway.Get<WhoAmI>("/api/auth/me", ct);
        }

        return me;
    }

    /// <summary>For the menu, which follows something that is done already and must not fail.</summary>
    private static async Task<WhoAmI?> MeOrNull(Turn turn, CancellationToken ct)
    {
        try
        {
            return await turn.Gateway.Get<WhoAmI>("/api/auth/me", ct);
        }
        catch (Exception fault) when (fault is GatewayUnavailableException or GatewayRefusedException)
        {
            return null;
        }
    }
}

/// <param name="Broadcast">Whether they may send messages to all guests.</param>
internal sealed record WhoAmI(StaffId? StaffId, StaffRole? StaffRole, bool Broadcast)
{
    public bool IsManager => StaffRole >= Contracts.Users.StaffRole.Manager;
}
