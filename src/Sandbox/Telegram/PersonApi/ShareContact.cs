using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Sandbox.Telegram.Chats;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>The person shares their own phone number or another person's contact.</summary>
internal static class ShareContact
{
    /// <param name="Phone">Another person's number; omitted for their own.</param>
    /// <param name="UserId">The other person's id, if Telegram knows it.</param>
    public sealed record Request(
        [RegularExpression("^\\+?[0-9]{3,20}$")] string? Phone, [StringLength(64)] string? FirstName, [StringLength(64)] string? LastName, long? UserId);

    public static Results<Ok<WriteMessage.Response>, ProblemHttpResult> Handle(string bot, TelegramId personId, Request request, Messenger messenger)
    {
        lock (messenger.Lock)
        {
            if (!messenger.TryFindOpenChat(bot, personId, out var chat, out var problem))
            {
                return problem;
            }

            var person = chat.Person;
            var contact = request.Phone is { } phone
                ? new SharedContact(phone.TrimStart('+'), request.FirstName ?? "", request.LastName, request.UserId)
                : new SharedContact(person.Phone, person.FirstName, person.LastName, person.Id.Value);
            var message = chat.Say(id => new Message
            {
                Id = id,
                FromBot = false,
                At = messenger.Now,
                Contact = contact,
                // Like the button for it: the contact replies to the message that brought the button.
                ReplyToId = contact.UserId == person.Id.Value ? chat.KeyboardMessageId : null,
            });
            return TypedResults.Ok(new WriteMessage.Response(message.Id));
        }
    }
}
