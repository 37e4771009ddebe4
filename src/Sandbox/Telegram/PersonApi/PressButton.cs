using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Sandbox.Telegram.Chats;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>The person presses a button of a message. Answers when the bot has, or after a moment without its answer.</summary>
internal static class PressButton
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);

    /// <param name="Forged">Sends the data though no button has it, as a changed client could.</param>
    public sealed record Request(int MessageId, [Required, StringLength(64)] string Data, bool Forged = false);

    /// <param name="Answer">What the bot said to it; its text is null when it just took note. Null when it has not answered yet.</param>
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
                return Refused.NotFound("message_not_found", "There is no such message of the bot.");
            }

            if (!request.Forged && message.Keyboard?.Rows.Any(row => row.Any(button => button.CallbackData == request.Data)) is not true)
            {
                return Refused.Conflict("button_gone", "The message has no such button, or no longer.");
            }

            query = messenger.Press(chat, message, request.Data);
        }

        await Task.WhenAny(query.Answer, Task.Delay(Moment, ct));
        return TypedResults.Ok(new Response(
            query.Id, query.Answer.IsCompletedSuccessfully && query.Answer.Result is var answer ? new AnswerOf(answer.Text, answer.Alert, answer.Url) : null));
    }
}
