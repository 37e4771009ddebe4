using Platform.Bots.Conversations;
using Platform.Bots.Texts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>The language of this chat: that of the person's Telegram at first, and their own choice from then on. What is under way goes on in it.</summary>
internal static class ChooseLanguage
{
    public const string Set = "language.set";

    public static async Task Ask(Turn turn, CancellationToken ct)
    {
        if (await Counter.IsStaff(turn, ct))
        {
            await turn.Say("registration.language", new InlineKeyboardMarkup(BotText.Languages.Select(language => turn.Pressable($"language.{language}", $"{Set}:{language}"))), ct);
        }
        else
        {
            await Counter.TellStranger(turn, ct);
        }
    }

    public static async Task Take(Turn turn, CancellationToken ct)
    {
        if (!BotText.Languages.Contains(turn.Argument))
        {
            await turn.Toast("button.outdated", ct);
            return;
        }

        turn.Chat.Language = turn.Argument;
        await turn.Replace("registration.language_taken", keyboard: null, ct);
        if (turn.Chat.Step is null)
        {
            await turn.Say("order.next", await Counter.Menu(turn, ct), ct);
        }
    }
}
