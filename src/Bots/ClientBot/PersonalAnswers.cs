using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts.Users;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>
/// What people answer about themselves, at their registration and in their settings alike. The users service says what it would keep; what
/// cannot be is answered at once with how to write it, and the question stays.
/// </summary>
internal static class PersonalAnswers
{
    /// <param name="Number">As it is kept.</param>
    /// <param name="Written">In groups, as people read it.</param>
    /// <param name="Verified">Whether it is the number of their own Telegram account.</param>
    public sealed record Phone(string Number, string Written, bool Verified);

    private sealed record Checked(string? FullName, string? Phone, string? PhoneWritten, string? City);

    /// <returns>The name in Telegram as it would be kept; null when it would be refused, and so must not be offered.</returns>
    public static async Task<string?> NameInTelegram(Turn turn, CancellationToken ct)
    {
        try
        {
            return (await Check(turn, new { turn.FullName }, ct)).FullName;
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("fullName"))
        {
            return null;
        }
    }

    /// <returns>Null, here as below, when it was none.</returns>
    public static async Task<string?> TakeName(Turn turn, CancellationToken ct)
    {
        try
        {
            if (turn.Text is { Length: > 0 } fullName && await Check(turn, new { fullName }, ct) is { FullName: { } kept })
            {
                return kept;
            }
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("fullName"))
        {
        }

        await turn.Say("registration.name_wrong", ct);
        return null;
    }

    public static async Task<Phone?> TakePhone(Turn turn, CancellationToken ct)
    {
        if (turn.Contact is not null)
        {
            return await TakeOwnPhone(turn, ct) is { } own ? await Check(turn, own, verified: true, ct) : null;
        }

        if (turn.Text is { Length: > 0 } typed)
        {
            return await Check(turn, typed, verified: false, ct);
        }

        await turn.Say("registration.phone_wrong", ct);
        return null;
    }

    /// <summary>The number of a contact that is the sender's own, as Telegram writes it: what it is in full, the users service knows.</summary>
    public static async Task<string?> TakeOwnPhone(Turn turn, CancellationToken ct)
    {
        // A contact may be anybody's; only the sender's own proves anything.
        if (turn.Contact is { } contact && contact.UserId == turn.From.Id)
        {
            return contact.PhoneNumber;
        }

        await turn.Say(turn.Contact is null ? "recover.share" : "registration.phone_of_another", ct);
        return null;
    }

    /// <param name="wrong">Key of the text for what is no date: it names the button that goes without one.</param>
    public static async Task<TypedDate.Of?> TakeBirthDate(Turn turn, string wrong, CancellationToken ct)
    {
        switch (TypedDate.Read(turn.Text ?? "", turn.Wall.DayOf(turn.Now)))
        {
            case TypedDate.Of date:
                return date;
            case TypedDate.NoSuchDay none:
                await turn.Say("birth_date.no_such_day", ct, ("date", turn.DayInWords(none.Day, none.Month, none.Year)));
                break;
            case TypedDate.InFuture future:
                await turn.Say("birth_date.in_future", ct, ("date", turn.DayInWords(future.Date)));
                break;
            case TypedDate.TooYoung young:
                await turn.Say("birth_date.too_young", ct, ("date", turn.DayInWords(young.Date)));
                break;
            case TypedDate.TooLongAgo past:
                await turn.Say("birth_date.too_long_ago", ct, ("year", $"{past.Year}"));
                break;
            default:
                await turn.Say(wrong, ct);
                break;
        }

        return null;
    }

    /// <summary>Asks whether a date that may be a slip is the right one.</summary>
    /// <param name="step">The question that is answered with yes or no.</param>
    public static Task AskWhetherDate(Turn turn, string step, object form, DateOnly date, CancellationToken ct) => turn.Ask(
        step, form, "birth_date.sure",
        new ReplyKeyboardMarkup([[new KeyboardButton(turn.Label("button.yes"))], [new KeyboardButton(turn.Label("button.no"))]]) { ResizeKeyboard = true, OneTimeKeyboard = true },
        ct, ("date", turn.DayInWords(date)));

    public static async Task<string?> TakeCity(Turn turn, CancellationToken ct)
    {
        try
        {
            if (turn.Text is { Length: > 0 } city && await Check(turn, new { city }, ct) is { City: { } kept })
            {
                return kept;
            }
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("city"))
        {
        }

        await turn.Say("registration.city_wrong", ct);
        return null;
    }

    private static async Task<Phone?> Check(Turn turn, string phone, bool verified, CancellationToken ct)
    {
        try
        {
            var kept = await Check(turn, new { phone, phoneVerified = verified }, ct);
            return new Phone(kept.Phone!, kept.PhoneWritten!, verified);
        }
        catch (GatewayRefusedException refused) when (refused.Code == UsersErrors.PhoneInvalid.Code || refused.Fields.Contains("phone"))
        {
            await turn.Say("registration.phone_wrong", ct);
            return null;
        }
    }

    private static Task<Checked> Check(Turn turn, object answers, CancellationToken ct) => turn.Gateway.Post<Checked>("/api/users/check", answers, ct);
}
