using Microsoft.EntityFrameworkCore;
using Platform.Bots.Conversations;
using Platform.Bots.Texts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

internal static class PaymentCode
{
    public const string Another = "code.another";

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        await turn.Reply.RemoveButtons(ct);
        var code = await turn.Gateway.Post<NewCode>("/api/loyalty/codes", body: null, ct);
        turn.Chat.Finish();
        var message = await turn.Reply.SayLines(keyboard: null, ct, Text(turn.Chat.Language, code.Code, code.SecondsLeft));

        // A new code replaces the old one, so there is one countdown per guest.
        var before = await turn.Db.Countdowns.AsNoTracking().SingleOrDefaultAsync(countdown => countdown.TelegramId == turn.Chat.TelegramId, ct);
        if (before is not null)
        {
            await turn.Reply.Edit(before.MessageId, turn.Texts.Line("code.replaced", ("code", Spaced(before.Code))), keyboard: null, ct);
        }

        var countdown = new Countdown
        {
            TelegramId = turn.Chat.TelegramId,
            MessageId = message,
            Code = code.Code,
            Language = turn.Chat.Language,
            ExpiresAt = code.ExpiresAt,
            NextAt = turn.Now,
        };
        await countdown.Start(turn.Db, ct);
    }

    public static string Text(string language, string code, long secondsLeft) =>
        BotText.Get(language, "code", ("code", Spaced(code)), ("seconds", secondsLeft));

    public static string Ended(string language, string status, string code) => BotText.Get(language, $"code.{status}", ("code", Spaced(code)));

    public static InlineKeyboardMarkup AnotherCodeButton(string language) =>
        new(InlineKeyboardButton.WithCallbackData(BotText.Plain(language, "button.another_code"), Another));

    private static string Spaced(string code) => $"{code[..3]} {code[3..]}";

    private sealed record NewCode(string Code, DateTimeOffset ExpiresAt, long SecondsLeft);
}
