using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Sandbox.Telegram.Chats;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>The person presses a button of a message. Returns once the bot has answered, or after a short time-out without its answer.</summary>
internal static class PressButton
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(3);

    /// <param name="Forged">Sends the data even if no button has it, as a modified client could.</param>
    public sealed record Request(int MessageId, [Required, StringLength(64)] string Data, bool Forged = false);

    /// <param name="Answer">The bot's answer, whose text may be null. Null if it has not answered yet.</param>
    public sealed record Response(string QueryId, AnswerOf? Answer);

    public sealed record AnswerOf(string? Text, bool Alert, string? Url);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        string bot, TelegramId personId, Request request, Messenger messenger, CancellationToken ct)
    {
        CallbackQuery query;
        lock (messenger.Lock)
        {
            if (!messenger.TryFindOpenChat(bot, personId, out var chat, out var problem))
            {
                return problem;
            }

            if (chat.Find(request.MessageId) is not { FromBot: true } message)
            {
                return Refused.NotFound("message_not_found", "The bot has no such message.");
            }

            if (!request.Forged && message.Keyboard?.Rows.Any(row => row.Any(button => button.CallbackData == request.Data)) is not true)
            {
                return Refused.Conflict("button_gone", "The message has no such button any more.");
            }

            query = messenger.Press(chat, message, request.Data);
        }

        await Task.WhenAny(query.Answer, Task.Delay(AnswerTimeout, ct));
        var answer = query.Answer.IsCompletedSuccessfully ? query.Answer.Result : null;
        return TypedResults.Ok(new Response(query.Id, answer is null ? null : new AnswerOf(answer.Text, answer.Alert, answer.Url)));
    }
}
