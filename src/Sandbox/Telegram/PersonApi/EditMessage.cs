using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Sandbox.Telegram.BotApi.Methods;
using Platform.Sandbox.Telegram.Formatting;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>The person edits a text message of theirs. The bot gets an update if the text changed.</summary>
internal static class EditMessage
{
    /// <summary>Telegram's own limit.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(48);

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
                return Refused.NotFound("message_not_found", "This person has no such message.");
            }

            if (message.Text is null || messenger.Now - message.At > MaxAge)
            {
                return Refused.Conflict("not_editable", "Only text messages can be edited, for up to 48 hours.");
            }

            if (message.Text.Text != request.Text)
            {
                chat.Rewrite(message, FormattedText.Plain(request.Text), messenger.Now);
            }

            return TypedResults.NoContent();
        }
    }
}
