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
    public sealed record Request(
        [Required, StringLength(64)] string FirstName,
        [StringLength(64)] string? LastName,
        [RegularExpression(Bot.UsernamePattern)] string? Username,
        [RegularExpression("^[a-z]{2,3}(-[A-Za-z]{2,4})?$")] string? LanguageCode,
        [RegularExpression("^\\+?[0-9]{7,15}$")] string? Phone,
        TelegramId? Id);

    public static Results<Created<Person>, ProblemHttpResult> Handle(Request request, Messenger messenger)
    {
        lock (messenger.Lock)
        {
            var person = messenger.AddPerson(request.Id, id => new Person(
                id, request.FirstName.Trim(), request.LastName, request.Username, request.LanguageCode, request.Phone?.TrimStart('+') ?? PhoneOf(id)));
            return person is null
                ? TypedResults.Problem("Somebody has this id.", statusCode: StatusCodes.Status409Conflict)
                : TypedResults.Created((string?)null, person);
        }
    }

    // Russian mobile numbers, of which no two are alike within ten million people.
    private static string PhoneOf(TelegramId id) => string.Create(CultureInfo.InvariantCulture, $"7900{id.Value % 10_000_000:D7}");
}
