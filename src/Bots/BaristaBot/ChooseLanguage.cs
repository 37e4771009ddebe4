using Platform.Bots.Conversations;
using Platform.Bots.Texts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>Changes the language of this chat, which is that of the person's Telegram at first. An unfinished order continues.</summary>
internal static class ChooseLanguage
{
    public const string Set = "language.set";

    public static async Task Ask(Turn turn, CancellationToken ct)
    {
        if (await Counter.IsStaff(turn, ct))
        {
            var languages = BotText.Languages.Select(language => turn.Texts.Button($"language.{language}", $"{Set}:{language}"));
            await turn.Reply.Say("registration.language", new InlineKeyboardMarkup(languages), ct);
        }
        else
        {
            await Counter.ExplainStaffOnly(turn, ct);
        }
    }

    public static async Task Read(Turn turn, CancellationToken ct)
    {
        if (!BotText.Languages.Contains(turn.Input.Argument))
        {
            await turn.Reply.Toast("button.outdated", ct);
            return;
        }

        turn.Chat.Language = turn.Input.Argument;
        await turn.Reply.Replace("registration.language_taken", keyboard: null, ct);
        if (turn.Chat.Step is null)
        {
            await turn.Reply.Say("order.next", await Counter.Menu(turn, ct), ct);
        }
    }
}
