using Platform.Bots.Conversations;
using Platform.Contracts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>Greets a guest, and answers what no other line of the script matches.</summary>
internal static class Welcome
{
    public static async Task Greet(Turn turn, CancellationToken ct)
    {
        // They may have chosen their language elsewhere.
        var me = await turn.Gateway.Get<Me>("/api/users/me", ct);
        turn.Chat.Language = me.Language;
        turn.Chat.Finish();
        await turn.Reply.Say("welcome.back", Menu(turn), ct, ("name", me.FullName));
    }

    public static async Task Help(Turn turn, CancellationToken ct)
    {
        // Guests of an earlier release get the new menu. The keyboard of an open question stays.
        await turn.Reply.Say("help.client", turn.Chat.Step is null ? Menu(turn) : null, ct);
        await Questions.Repeat(turn, ct);
    }

    public static async Task NotUnderstood(Turn turn, CancellationToken ct)
    {
        if (turn.Input.Button is not null)
        {
            await turn.Reply.Toast("button.outdated", ct);
            return;
        }

        if (turn.Chat.Step is not null)
        {
            await Questions.RejectAnswer(turn, ct);
        }
        else if (turn.Input.Says("words.code"))
        {
            await PaymentCode.Show(turn, ct);
        }
        else
        {
            await turn.Reply.Say(turn.Input.Says("words.thanks") ? "welcome.thanks" : "not_understood.client", Menu(turn), ct);
        }
    }

    public static ReplyKeyboardMarkup Menu(Turn turn) => new(
    [
        [new KeyboardButton(turn.Texts.Label("menu.code")), new KeyboardButton(turn.Texts.Label("menu.profile"))],
        [new KeyboardButton(turn.Texts.Label("menu.gifts")), new KeyboardButton(turn.Texts.Label("menu.rewards"))],
        [new KeyboardButton(turn.Texts.Label("menu.history")), new KeyboardButton(turn.Texts.Label("menu.review"))],
        [new KeyboardButton(turn.Texts.Label("menu.idea")), new KeyboardButton(turn.Texts.Label("menu.letter"))],
        [new KeyboardButton(turn.Texts.Label("menu.card")), new KeyboardButton(turn.Texts.Label("menu.settings"))],
    ])
    {
        ResizeKeyboard = true,
        IsPersistent = true,
    };
}

/// <summary>Response of <c>GET /api/users/me</c>.</summary>
internal sealed record Me(
    UserId Id, string FullName, string? Phone, bool PhoneVerified, string? Email, string? City, DateOnly? BirthDate, string Language, string? ReferralCode);
