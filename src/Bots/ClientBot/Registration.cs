using System.Globalization;
using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts.Users;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>
/// Language, consent, name, phone, birth date, city, and he is a guest. Whoever asked for something before he was one gets it
/// at the end.
/// </summary>
internal static class Registration
{
    public const string Begin = "registration.begin";
    public const string Language = "registration.language";
    public const string Consent = "registration.consent";
    public const string Name = "registration.name";
    public const string Phone = "registration.phone";
    public const string BirthDate = "registration.birth_date";
    public const string City = "registration.city";

    private const string Yes = "yes";
    private const string ReferralLink = "ref_";

    private static readonly string[] DateFormats = ["d.M.yyyy", "d/M/yyyy", "d-M-yyyy", "yyyy-M-d"];

    /// <summary>What he has answered so far.</summary>
    /// <param name="ReturnTo">The route of what he had asked for.</param>
    /// <param name="ConsentText">Version of the text that he agreed to.</param>
    /// <param name="PhoneVerified">Whether it is the number of his own Telegram account.</param>
    public sealed record Answers(
        string? ReturnTo = null,
        string? Channel = null,
        string? ReferralCode = null,
        string? ConsentText = null,
        string? FullName = null,
        string? Phone = null,
        bool PhoneVerified = false,
        DateOnly? BirthDate = null,
        string? City = null);

    /// <summary>He is unknown, whatever he has asked for: he registers first.</summary>
    public static Task Interpose(Turn turn, CancellationToken ct) => AskLanguage(turn, turn.Command == "/start" ? FromLink(turn.Argument) : new Answers(ReturnTo: turn.Route), ct);

    /// <summary>He had declined, and thought better of it.</summary>
    public static async Task BeginAgain(Turn turn, CancellationToken ct)
    {
        await turn.TakeButtons(ct);
        await AskLanguage(turn, new Answers(), ct);
    }

    public static async Task TakeLanguage(Turn turn, CancellationToken ct)
    {
        turn.Chat.Language = turn.Argument == "en" ? "en" : "ru";
        await turn.Replace("registration.language_taken", keyboard: null, ct);
        await AskConsent(turn, turn.Chat.FormOf<Answers>(), ct);
    }

    public static async Task TakeConsent(Turn turn, CancellationToken ct)
    {
        if (turn.Argument != Yes)
        {
            turn.Chat.Finish();
            await turn.Say("registration.declined", new InlineKeyboardMarkup(turn.Pressable("button.begin_again", Begin)), ct);
            return;
        }

        await AskName(turn, turn.Chat.FormOf<Answers>(), ct);
    }

    public static async Task TakeName(Turn turn, CancellationToken ct)
    {
        if (turn.Text is not { Length: > 0 and <= 255 } name || !name.Any(char.IsLetter))
        {
            await turn.Say("registration.name_wrong", ct);
            return;
        }

        await AskPhone(turn, turn.Chat.FormOf<Answers>() with { FullName = name }, ct);
    }

    public static async Task TakePhone(Turn turn, CancellationToken ct)
    {
        var answers = turn.Chat.FormOf<Answers>();
        if (turn.Contact is { } contact)
        {
            // A contact may be anybody's; only his own tells that the number is his.
            if (contact.UserId != turn.From.Id)
            {
                await turn.Say("registration.phone_of_another", ct);
                return;
            }

            answers = answers with { Phone = contact.PhoneNumber.StartsWith('+') ? contact.PhoneNumber : $"+{contact.PhoneNumber}", PhoneVerified = true };
        }
        else if (turn.Text is { } typed && typed.Count(char.IsAsciiDigit) is >= 7 and <= 15)
        {
            answers = answers with { Phone = typed, PhoneVerified = false };
        }
        else
        {
            await turn.Say("registration.phone_wrong", ct);
            return;
        }

        await turn.Ask(BirthDate, answers, "registration.birth_date", Skippable(turn), ct);
    }

    public static async Task TakeBirthDate(Turn turn, CancellationToken ct)
    {
        var answers = turn.Chat.FormOf<Answers>();
        if (!IsSkipped(turn))
        {
            var today = DateOnly.FromDateTime(turn.Now.UtcDateTime);
            if (!DateOnly.TryParseExact(turn.Text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) || date.Year < 1900 || date >= today)
            {
                await turn.Say("registration.birth_date_wrong", ct);
                return;
            }

            answers = answers with { BirthDate = date };
        }

        await turn.Ask(City, answers, "registration.city", Skippable(turn), ct);
    }

    public static async Task TakeCity(Turn turn, CancellationToken ct)
    {
        var answers = turn.Chat.FormOf<Answers>();
        if (!IsSkipped(turn))
        {
            if (turn.Text is not { Length: > 0 and <= 100 } city || !city.Any(char.IsLetter))
            {
                await turn.Say("registration.city_wrong", ct);
                return;
            }

            answers = answers with { City = city };
        }

        await Register(turn, answers, ct);
    }

    private static Answers FromLink(string payload) =>
        payload.StartsWith(ReferralLink, StringComparison.Ordinal) && payload.Length <= 64 ? new Answers(ReferralCode: payload[ReferralLink.Length..])
        : payload.Length is > 0 and <= 64 && payload.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-') ? new Answers(Channel: payload)
        : new Answers();

    private static Task AskLanguage(Turn turn, Answers answers, CancellationToken ct) => turn.Ask(
        Language, answers, "registration.language",
        new InlineKeyboardMarkup(turn.Pressable("language.ru", $"{Language}:ru"), turn.Pressable("language.en", $"{Language}:en")), ct);

    private static async Task AskConsent(Turn turn, Answers answers, CancellationToken ct)
    {
        var consent = await turn.Gateway.Get<ConsentText>($"/api/users/consent?language={turn.Chat.Language}", ct);
        await turn.Ask(
            Consent, answers with { ConsentText = consent.Version }, "registration.consent",
            new InlineKeyboardMarkup(turn.Pressable("button.agree", $"{Consent}:{Yes}"), turn.Pressable("button.decline", $"{Consent}:no")),
            ct, ("text", consent.Text), ("version", consent.Version));
    }

    // His name in Telegram is one press away.
    private static Task AskName(Turn turn, Answers answers, CancellationToken ct) => turn.Ask(
        Name, answers, "registration.name",
        new ReplyKeyboardMarkup(new KeyboardButton($"{turn.From.FirstName} {turn.From.LastName}".Trim())) { ResizeKeyboard = true, OneTimeKeyboard = true }, ct);

    private static Task AskPhone(Turn turn, Answers answers, CancellationToken ct) => turn.Ask(
        Phone, answers, "registration.phone",
        new ReplyKeyboardMarkup(KeyboardButton.WithRequestContact(turn.Label("button.share_phone"))) { ResizeKeyboard = true, OneTimeKeyboard = true }, ct);

    private static ReplyKeyboardMarkup Skippable(Turn turn) =>
        new(new KeyboardButton(turn.Label("button.skip"))) { ResizeKeyboard = true, OneTimeKeyboard = true };

    private static bool IsSkipped(Turn turn) => turn.Text is { } text && Texts.BotText.Is("button.skip", text);

    private static async Task Register(Turn turn, Answers answers, CancellationToken ct)
    {
        Me me;
        try
        {
            me = await turn.Gateway.Post<Me>(
                "/api/users",
                new
                {
                    answers.FullName,
                    answers.Phone,
                    answers.PhoneVerified,
                    ConsentPersonalData = true,
                    answers.ConsentText,
                    turn.From.Username,
                    answers.City,
                    answers.BirthDate,
                    turn.Chat.Language,
                    answers.Channel,
                    answers.ReferralCode,
                },
                ct);
        }
        catch (GatewayRefusedException refused) when (refused.Code == UsersErrors.UserExists.Code)
        {
            turn.Gateway.ForgetSession();
            me = await turn.Gateway.Get<Me>("/api/users/me", ct);
        }
        // The text has changed since he agreed to it.
        catch (GatewayRefusedException refused) when (refused.Code == UsersErrors.ConsentOutdated.Code)
        {
            await turn.Say("registration.consent_outdated", ct);
            await AskConsent(turn, answers, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (refused.Code == UsersErrors.PhoneInvalid.Code || refused.Fields.Contains("phone"))
        {
            await turn.Say("registration.phone_wrong", ct);
            await AskPhone(turn, answers, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("fullName"))
        {
            await turn.Say("registration.name_wrong", ct);
            await AskName(turn, answers, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("city"))
        {
            await turn.Say("registration.city_wrong", ct);
            return;
        }

        // He is a client from now on, and the token that says so is a new one.
        turn.Gateway.ForgetSession();
        turn.Chat.Language = me.Language;
        turn.Chat.Finish();
        await turn.Say("registration.done", Welcome.Menu(turn), ct, ("name", me.FullName));
        if (answers.ReturnTo is { } route)
        {
            await turn.Continue(route, ct);
        }
    }

    private sealed record ConsentText(string Version, string Text);
}
