using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Sandbox.Telegram.BotApi.Methods;
using Platform.Sandbox.Telegram.Formatting;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>The person changes the text of a message of theirs, and the bot is told, unless nothing changed.</summary>
internal static class EditMessage
{
    /// <summary>Telegram's own limit.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromHours(48);

    public sealed record Request(int MessageId, [Required, StringLength(SendMessage.MaxLength)] string Text);

    public static Results<NoContent, ProblemHttpResult> Handle(string bot, TelegramId personId, Request request, Messenger messenger)
    {
        lock (messenger.Lock)
        {
            if (!messenger.TryFindOpenChat(bot, personId, out var chat, out var problem))
            {
                return problem;
            }

            if (chat.Find(request.MessageId) is not { FromBot: false } message)
            {
                return Refused.NotFound("message_not_found", "There is no such message of this person.");
            }

            if (message.Text is null || messenger.Now - message.At > Within)
            {
                return Refused.Conflict("not_editable", "Only text can be edited, for 48 hours.");
            }

            if (message.Text.Text != request.Text)
            {
                chat.Rewrite(message, FormattedText.Plain(request.Text), messenger.Now);
            }

            return TypedResults.NoContent();
        }
    }
}
