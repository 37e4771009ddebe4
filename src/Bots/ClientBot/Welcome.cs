using Platform.Bots.Conversations;
using Platform.Contracts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>The first word, and what to say when nothing else fits.</summary>
internal static class Welcome
{
    /// <summary><c>/start</c>, perhaps from a link: <c>ref_CODE</c> tells who has invited him, anything else through what he came.</summary>
    public static async Task Greet(Turn turn, CancellationToken ct)
    {
        // Somebody else may have registered him, and his choice of language is there.
        var me = await turn.Gateway.Get<Me>("/api/users/me", ct);
        turn.Chat.Language = me.Language;
        turn.Chat.Finish();
        await turn.Say("welcome.back", Menu(turn), ct, ("name", me.FullName));
    }

    public static Task Help(Turn turn, CancellationToken ct) => turn.Say("help.client", ct);

    public static async Task NotUnderstood(Turn turn, CancellationToken ct)
    {
        if (turn.Button is not null)
        {
            await turn.Toast("button.outdated", ct);
            return;
        }

        // In the middle of something: the question stays, and is asked in other words.
        await turn.Say(turn.Chat.Step is null ? "not_understood.client" : "not_understood.question", ct);
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

/// <summary>The person as <c>GET /api/users/me</c> tells of him.</summary>
internal sealed record Me(
    UserId Id, string FullName, string? Phone, bool PhoneVerified, string? Email, string? City, DateOnly? BirthDate, string Language, string? ReferralCode);
