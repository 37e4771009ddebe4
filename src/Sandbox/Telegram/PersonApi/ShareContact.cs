using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Sandbox.Telegram.Chats;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>The person sends their own phone number, or a card of somebody else.</summary>
internal static class ShareContact
{
    /// <param name="Phone">Somebody else's; their own when left out.</param>
    /// <param name="UserId">Who that is, when the messenger knows.</param>
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
                // As a button for it does: the contact answers the message that brought the button.
                ReplyToId = contact.UserId == person.Id.Value ? chat.KeyboardMessageId : null,
            });
            return TypedResults.Ok(new WriteMessage.Response(message.Id));
        }
    }
}
