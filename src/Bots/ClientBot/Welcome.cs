using Platform.Bots.Conversations;
using Platform.Contracts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>The first word, and what to say when nothing else fits.</summary>
internal static class Welcome
{
    /// <summary><c>/start</c>, perhaps from a link: <c>ref_CODE</c> tells who invited them, anything else where they came from.</summary>
    public static async Task Greet(Turn turn, CancellationToken ct)
    {
        // Another bot may have registered them, and their choice of language is there.
        var me = await turn.Gateway.Get<Me>("/api/users/me", ct);
        turn.Chat.Language = me.Language;
        turn.Chat.Finish();
        await turn.Say("welcome.back", Menu(turn), ct, ("name", me.FullName));
    }

    public static async Task Help(Turn turn, CancellationToken ct)
    {
        await turn.Say("help.client", ct);
        await Questions.Repeat(turn, ct);
    }

    public static async Task NotUnderstood(Turn turn, CancellationToken ct)
    {
        if (turn.Button is not null)
        {
            await turn.Toast("button.outdated", ct);
            return;
        }

        if (turn.Chat.Step is not null)
        {
            await Questions.Insist(turn, ct);
        }
        else if (turn.Says("words.code"))
        {
            await PaymentCode.Show(turn, ct);
        }
        else
        {
            await turn.Say(turn.Says("words.thanks") ? "welcome.thanks" : "not_understood.client", ct);
        }
    }

    public static ReplyKeyboardMarkup Menu(Turn turn) => new(
    [
        [new KeyboardButton(turn.Label("menu.code")), new KeyboardButton(turn.Label("menu.card"))],
        [new KeyboardButton(turn.Label("menu.profile")), new KeyboardButton(turn.Label("menu.settings"))],
    ])
    {
        ResizeKeyboard = true,
        IsPersistent = true,
    };
}

/// <summary>The person as <c>GET /api/users/me</c> answers.</summary>
internal sealed record Me(
    UserId Id, string FullName, string? Phone, bool PhoneVerified, string? Email, string? City, DateOnly? BirthDate, string Language, string? ReferralCode);
