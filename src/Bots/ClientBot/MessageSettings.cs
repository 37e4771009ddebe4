using Platform.Bots.Conversations;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>Which messages a guest wants besides those about their orders and gifts.</summary>
internal static class MessageSettings
{
    public const string Open = "notify.open";

    /// <summary>Names what to switch, and to what, so that a second tap changes nothing.</summary>
    public const string Set = "notify.set";

    private const string Off = "off";
    private const string Marketing = "marketing";
    private const string Reminders = "reminders";

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        var wishes = await turn.Gateway.Get<Wishes>("/api/notifications/preferences", ct);
        turn.Chat.Finish();
        await turn.Reply.Say("notify", Buttons(turn, wishes), ct);
    }

    public static async Task Change(Turn turn, CancellationToken ct)
    {
        object? change = turn.Input.Argument.Split('.') switch
        {
            [Marketing, var to] => new { marketing = to != Off },
            [Reminders, var to] => new { reminders = to != Off },
            _ => null,
        };
        if (change is null)
        {
            await Show(turn, ct);
            return;
        }

        var wishes = await turn.Gateway.Put<Wishes>("/api/notifications/preferences", change, ct);
        await turn.Reply.Toast("settings.saved", ct);
        await turn.Reply.Replace("notify", Buttons(turn, wishes), ct);
    }

    private static InlineKeyboardMarkup Buttons(Turn turn, Wishes wishes) => new(
    [
        [Button(turn, "button.marketing", Marketing, wishes.Marketing)],
        [Button(turn, "button.reminders", Reminders, wishes.Reminders)],
    ]);

    private static InlineKeyboardButton Button(Turn turn, string label, string what, bool isOn) =>
        turn.Texts.Button(label, $"{Set}:{what}.{(isOn ? Off : "on")}", ("mark", isOn ? "✅" : "⬜️"));

    private sealed record Wishes(bool Marketing, bool Reminders);
}
