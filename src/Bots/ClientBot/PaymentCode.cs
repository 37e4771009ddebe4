using Microsoft.EntityFrameworkCore;
using Platform.Bots.Conversations;
using Platform.Bots.Texts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>A code for the counter, whose seconds are counted down in its message.</summary>
internal static class PaymentCode
{
    /// <summary>The button that asks for another one.</summary>
    public const string Another = "code.another";

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        await turn.TakeButtons(ct);
        var code = await turn.Gateway.Post<NewCode>("/api/loyalty/codes", body: null, ct);
        turn.Chat.Finish();
        var message = await turn.SayLines(keyboard: null, ct, Text(turn.Chat.Language, code.Code, code.SecondsLeft));

        // One code is live at a time, so one is counted down: the new one ends the old.
        var before = await turn.Db.Countdowns.AsNoTracking().SingleOrDefaultAsync(countdown => countdown.TelegramId == turn.Chat.TelegramId, ct);
        if (before is not null)
        {
            await turn.Edit(before.MessageId, BotText.Get(turn.Chat.Language, "code.replaced", ("code", Spaced(before.Code))), keyboard: null, ct);
        }

        var countdown = new Countdown
        {
            TelegramId = turn.Chat.TelegramId, MessageId = message, Code = code.Code, Language = turn.Chat.Language, ExpiresAt = code.ExpiresAt, NextAt = turn.Now,
        };
        await countdown.Start(turn.Db, ct);
    }

    public static string Text(string language, string code, long secondsLeft) => BotText.Get(language, "code", ("code", Spaced(code)), ("seconds", secondsLeft));

    public static string Ended(string language, string status, string code) => BotText.Get(language, $"code.{status}", ("code", Spaced(code)));

    public static InlineKeyboardMarkup AskForAnother(string language) => new(InlineKeyboardButton.WithCallbackData(BotText.Plain(language, "button.another_code"), Another));

    /// <summary>Three and three, as people read it out.</summary>
    private static string Spaced(string code) => $"{code[..3]} {code[3..]}";

    private sealed record NewCode(string Code, DateTimeOffset ExpiresAt, long SecondsLeft);
}
