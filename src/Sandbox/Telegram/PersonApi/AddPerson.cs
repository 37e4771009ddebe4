using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Sandbox.Telegram.Bots;
using Platform.Sandbox.Telegram.People;

namespace Platform.Sandbox.Telegram.PersonApi;

internal static class AddPerson
{
    /// <param name="Id">Default: the next free id.</param>
    /// <param name="Phone">Default: generated from the id.</param>
    /// <param name="SamePhone">Allows a phone number that another person has, as when someone opens a new account after losing the old one.</param>
    public sealed record Request(
        [Required(ErrorMessage = "Enter a first name."), StringLength(64, ErrorMessage = "Up to 64 letters.")] string FirstName,
        [StringLength(64, ErrorMessage = "Up to 64 letters.")] string? LastName,
        [RegularExpression(Bot.UsernamePattern, ErrorMessage = "3 to 32 Latin letters, digits and underscores, beginning with a letter.")] string? Username,
        [RegularExpression("^[a-z]{2,3}(-[A-Za-z]{2,4})?$", ErrorMessage = "A language code, such as ru or pt-BR.")] string? LanguageCode,
        [RegularExpression("^\\+?[0-9]{7,15}$", ErrorMessage = "7 to 15 digits, with the country code.")] string? Phone,
        TelegramId? Id,
        bool SamePhone = false);

    public static Results<Created<Person>, ProblemHttpResult> Handle(Request request, Messenger messenger)
    {
        lock (messenger.Lock)
        {
            var phone = request.Phone?.TrimStart('+');
            if (phone is not null && !request.SamePhone && messenger.People.Any(other => other.Phone == phone))
            {
                return Refused.Conflict("phone_taken", "Another person has this phone number.");
            }

            var person = messenger.AddPerson(request.Id, id => new Person(
                id, request.FirstName.Trim(), request.LastName, request.Username, request.LanguageCode, phone ?? PhoneOf(id)));
            return person is null
                ? Refused.Conflict("id_taken", "Another person has this id.")
                : TypedResults.Created((string?)null, person);
        }
    }

    // Russian mobile numbers, unique within ten million people.
    private static string PhoneOf(TelegramId id) => string.Create(CultureInfo.InvariantCulture, $"7900{id.Value % 10_000_000:D7}");
}
