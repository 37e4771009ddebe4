using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts.Users;

namespace Platform.Bots.ClientBot;

/// <summary>Parses the answers of registration and settings; the users service validates and normalizes them.</summary>
internal static class PersonalAnswers
{
    /// <param name="Verified">It is the number of the person's own Telegram account.</param>
    public sealed record Phone(string Number, string Written, bool Verified);

    private sealed record Checked(string? FullName, string? Phone, string? PhoneWritten, string? City);

    /// <returns>The normalized name from Telegram; null when it is invalid and must not be offered.</returns>
    public static async Task<string?> NameInTelegram(Turn turn, CancellationToken ct)
    {
        try
        {
            return (await Check(turn, new { turn.Input.FullName }, ct)).FullName;
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("fullName"))
        {
            return null;
        }
    }

    /// <returns>Null, here and below, when the answer is invalid; the person got a message.</returns>
    public static async Task<string?> ParseName(Turn turn, CancellationToken ct)
    {
        try
        {
            if (turn.Input.Text is { Length: > 0 } fullName && await Check(turn, new { fullName }, ct) is { FullName: { } name })
            {
                return name;
            }
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("fullName"))
        {
        }

        await turn.Reply.Say("registration.name_wrong", ct);
        return null;
    }

    public static async Task<Phone?> ParsePhone(Turn turn, CancellationToken ct)
    {
        if (turn.Input.Contact is not null)
        {
            return await ParseOwnPhone(turn, ct) is { } own ? await Check(turn, own, verified: true, ct) : null;
        }

        if (turn.Input.Text is { Length: > 0 } typed)
        {
            return await Check(turn, typed, verified: false, ct);
        }

        await turn.Reply.Say("registration.phone_wrong", ct);
        return null;
    }

    /// <summary>The number in the sender's own contact, as Telegram writes it. The users service completes it.</summary>
    public static async Task<string?> ParseOwnPhone(Turn turn, CancellationToken ct)
    {
        // People can share any contact; only their own proves the number.
        if (turn.Input.Contact is { } contact && contact.UserId == turn.Input.From.Id)
        {
            return contact.PhoneNumber;
        }

        await turn.Reply.Say(turn.Input.Contact is null ? "recover.share" : "registration.phone_of_another", ct);
        return null;
    }

    /// <param name="wrong">Text key for an answer that is not a date; it names the button for leaving the date out.</param>
    public static async Task<TypedDate.Of?> ParseBirthDate(Turn turn, string wrong, CancellationToken ct)
    {
        switch (TypedDate.Parse(turn.Input.Text ?? "", turn.Wall.DayOf(turn.Now)))
        {
            case TypedDate.Of date:
                return date;
            case TypedDate.NoSuchDay none:
                await turn.Reply.Say("birth_date.no_such_day", ct, ("date", turn.Texts.DayInWords(none.Day, none.Month, none.Year)));
                break;
            case TypedDate.InFuture future:
                await turn.Reply.Say("birth_date.in_future", ct, ("date", turn.Texts.DayInWords(future.Date)));
                break;
            case TypedDate.TooYoung young:
                await turn.Reply.Say("birth_date.too_young", ct, ("date", turn.Texts.DayInWords(young.Date)));
                break;
            case TypedDate.TooLongAgo past:
                await turn.Reply.Say("birth_date.too_long_ago", ct, ("year", $"{past.Year}"));
                break;
            default:
                await turn.Reply.Say(wrong, ct);
                break;
        }

        return null;
    }

    public static Task ConfirmDate(Turn turn, string step, object form, DateOnly date, CancellationToken ct) => turn.Reply.Ask(
        step, form, "birth_date.sure", turn.Texts.Keyboard(oneTime: true, "button.yes", "button.no"), ct, ("date", turn.Texts.DayInWords(date)));

    public static async Task<string?> ParseCity(Turn turn, CancellationToken ct)
    {
        try
        {
            if (turn.Input.Text is { Length: > 0 } city && await Check(turn, new { city }, ct) is { City: { } known })
            {
                return known;
            }
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("city"))
        {
        }

        await turn.Reply.Say("registration.city_wrong", ct);
        return null;
    }

    private static async Task<Phone?> Check(Turn turn, string phone, bool verified, CancellationToken ct)
    {
        try
        {
            var checkedPhone = await Check(turn, new { phone, phoneVerified = verified }, ct);
            return new Phone(checkedPhone.Phone!, checkedPhone.PhoneWritten!, verified);
        }
        catch (GatewayRefusedException refused) when (refused.Is(UsersErrors.PhoneInvalid) || refused.Fields.Contains("phone"))
        {
            await turn.Reply.Say("registration.phone_wrong", ct);
            return null;
        }
    }

    private static Task<Checked> Check(Turn turn, object answers, CancellationToken ct) => turn.Gateway.Post<Checked>("/api/users/check", answers, ct);
}
