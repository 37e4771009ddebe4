using System.Globalization;
using Platform.Bots.Conversations;

namespace Platform.Bots.ClientBot;

/// <summary>
/// What people answer of themselves, at their registration and in their settings alike. What cannot be is answered with how to write it,
/// and the question stays.
/// </summary>
internal static class PersonalAnswers
{
    private static readonly string[] DateFormats = ["d.M.yyyy", "d/M/yyyy", "d-M-yyyy", "yyyy-M-d"];

    /// <param name="Verified">Whether it is the number of his own Telegram account.</param>
    public sealed record Phone(string Number, bool Verified);

    /// <returns>Null, here as below, when it was none.</returns>
    public static async Task<string?> TakeName(Turn turn, CancellationToken ct)
    {
        if (turn.Text is { Length: > 0 and <= 255 } name && name.Any(char.IsLetter))
        {
            return name;
        }

        await turn.Say("registration.name_wrong", ct);
        return null;
    }

    public static async Task<Phone?> TakePhone(Turn turn, CancellationToken ct)
    {
        if (turn.Contact is not null)
        {
            return await TakeOwnPhone(turn, ct) is { } own ? new Phone(own, Verified: true) : null;
        }

        if (turn.Text is { } typed && typed.Count(char.IsAsciiDigit) is >= 7 and <= 15)
        {
            return new Phone(typed, Verified: false);
        }

        await turn.Say("registration.phone_wrong", ct);
        return null;
    }

    /// <summary>The number of a contact that is the sender's own.</summary>
    public static async Task<string?> TakeOwnPhone(Turn turn, CancellationToken ct)
    {
        // A contact may be anybody's; only his own tells that the number is his.
        if (turn.Contact is { } contact && contact.UserId == turn.From.Id)
        {
            return contact.PhoneNumber.StartsWith('+') ? contact.PhoneNumber : $"+{contact.PhoneNumber}";
        }

        await turn.Say(turn.Contact is null ? "recover.share" : "registration.phone_of_another", ct);
        return null;
    }

    /// <param name="wrong">Key of the text for what is no date: it names the button that goes without one.</param>
    public static async Task<DateOnly?> TakeBirthDate(Turn turn, string wrong, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(turn.Now.UtcDateTime);
        if (DateOnly.TryParseExact(turn.Text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year >= 1900 && date < today)
        {
            return date;
        }

        await turn.Say(wrong, ct);
        return null;
    }

    public static async Task<string?> TakeCity(Turn turn, CancellationToken ct)
    {
        if (turn.Text is { Length: > 0 and <= 100 } city && city.Any(char.IsLetter))
        {
            return city;
        }

        await turn.Say("registration.city_wrong", ct);
        return null;
    }
}
