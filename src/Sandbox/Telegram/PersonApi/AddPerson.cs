using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Sandbox.Telegram.Bots;
using Platform.Sandbox.Telegram.People;

namespace Platform.Sandbox.Telegram.PersonApi;

internal static class AddPerson
{
    /// <param name="Id">The next free one, unless set.</param>
    /// <param name="Phone">Made up from the number, unless set.</param>
    /// <param name="SamePhone">They may have the phone of somebody else: the new account of a person who lost the old one.</param>
    public sealed record Request(
        [Required(ErrorMessage = "A first name is needed."), StringLength(64, ErrorMessage = "64 letters at most.")] string FirstName,
        [StringLength(64, ErrorMessage = "64 letters at most.")] string? LastName,
        [RegularExpression(Bot.UsernamePattern, ErrorMessage = "3 to 32 Latin letters, digits and underscores; a letter comes first.")] string? Username,
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
                return Refused.Conflict("phone_taken", "Somebody else has this phone number.");
            }

            var person = messenger.AddPerson(request.Id, id => new Person(
                id, request.FirstName.Trim(), request.LastName, request.Username, request.LanguageCode, phone ?? PhoneOf(id)));
            return person is null
                ? Refused.Conflict("id_taken", "Somebody else has this id.")
                : TypedResults.Created((string?)null, person);
        }
    }

    // Russian mobile numbers, of which no two are alike within ten million people.
    private static string PhoneOf(TelegramId id) => string.Create(CultureInfo.InvariantCulture, $"7900{id.Value % 10_000_000:D7}");
}
