using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Sandbox.Telegram.BotApi.Methods;
using Platform.Sandbox.Telegram.Chats;
using Platform.Sandbox.Telegram.Formatting;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>The person writes a message, or presses a button below the input, which sends its text.</summary>
internal static class WriteMessage
{
    /// <param name="ReplyToId">The message it replies to.</param>
    public sealed record Request([Required, StringLength(SendMessage.MaxLength)] string Text, int? ReplyToId);

    public sealed record Response(int MessageId);

    public static Results<Ok<Response>, ProblemHttpResult> Handle(string bot, TelegramId personId, Request request, Messenger messenger)
    {
        lock (messenger.Lock)
        {
            if (!messenger.TryFindOpenChat(bot, personId, out var chat, out var problem))
            {
                return problem;
            }

            var message = chat.Say(id => new Message
            {
                Id = id,
                FromBot = false,
                At = messenger.Now,
                Text = FormattedText.Plain(request.Text),
                ReplyToId = request.ReplyToId is { } replyTo && chat.Find(replyTo) is not null ? replyTo : null,
            });
            return TypedResults.Ok(new Response(message.Id));
        }
    }
}
