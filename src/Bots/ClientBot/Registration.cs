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

    /// <summary>What he has answered so far.</summary>
    /// <param name="ReturnTo">The route of what he had asked for.</param>
    /// <param name="ConsentText">Version of the text that he agreed to.</param>
    /// <param name="PhoneVerified">Whether it is the number of his own Telegram account.</param>
    /// <param name="Email">Where a code was sent, while he looks for a card that he had: see <see cref="Recovery"/>.</param>
    public sealed record Answers(
        string? ReturnTo = null,
        string? Channel = null,
        string? ReferralCode = null,
        string? ConsentText = null,
        string? FullName = null,
        string? Phone = null,
        bool PhoneVerified = false,
        DateOnly? BirthDate = null,
        string? City = null,
        string? Email = null);

    /// <summary>He is unknown, whatever he has asked for: he registers first. In the middle of it, he begins again, and who has invited him stays known.</summary>
    public static Task Interpose(Turn turn, CancellationToken ct) => AskLanguage(
        turn,
        turn.Command == "/start" ? FromLink(turn.Argument, SoFar(turn))
        // An answer leads back to nothing: its question is gone with who he was.
        : turn.Route == turn.Chat.Step ? SoFar(turn)
        : SoFar(turn) with { ReturnTo = turn.Route },
        ct);

    /// <summary>What he has answered, also while he looks for a card that he had; nothing while he does neither.</summary>
    public static Answers SoFar(Turn turn) =>
        turn.Chat is { Form: not null, Step: Language or Consent or Name or Phone or BirthDate or City or Recovery.Phone or Recovery.Email or Recovery.EmailCode }
            ? turn.Chat.FormOf<Answers>()
            : new Answers();

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
        if (await PersonalAnswers.TakeName(turn, ct) is { } name)
        {
            await AskPhone(turn, turn.Chat.FormOf<Answers>() with { FullName = name }, ct);
        }
    }

    public static async Task TakePhone(Turn turn, CancellationToken ct)
    {
        if (turn.Says("button.had_card"))
        {
            await Recovery.Begin(turn, ct);
        }
        else if (await PersonalAnswers.TakePhone(turn, ct) is { } phone)
        {
            var answers = turn.Chat.FormOf<Answers>() with { Phone = phone.Number, PhoneVerified = phone.Verified };
            await turn.Ask(BirthDate, answers, "registration.birth_date", Skippable(turn), ct);
        }
    }

    public static async Task TakeBirthDate(Turn turn, CancellationToken ct)
    {
        var answers = turn.Chat.FormOf<Answers>();
        if (!turn.Says("button.skip"))
        {
            if (await PersonalAnswers.TakeBirthDate(turn, "registration.birth_date_wrong", ct) is not { } date)
            {
                return;
            }

            answers = answers with { BirthDate = date };
        }

        await turn.Ask(City, answers, "registration.city", Skippable(turn), ct);
    }

    public static async Task TakeCity(Turn turn, CancellationToken ct)
    {
        var answers = turn.Chat.FormOf<Answers>();
        if (!turn.Says("button.skip"))
        {
            if (await PersonalAnswers.TakeCity(turn, ct) is not { } city)
            {
                return;
            }

            answers = answers with { City = city };
        }

        await Register(turn, answers, ct);
    }

    /// <summary>He has found no card of his, and is asked what he has not answered yet: with his name he has agreed to the text as well.</summary>
    public static Task GoOn(Turn turn, Answers answers, CancellationToken ct) =>
        answers.FullName is null ? AskLanguage(turn, answers, ct) : AskPhone(turn, answers, ct);

    // From the beginning all of it is answered again; what has brought him here is not asked, and stays.
    private static Task AskLanguage(Turn turn, Answers answers, CancellationToken ct) => turn.Ask(
        Language, new Answers(answers.ReturnTo, answers.Channel, answers.ReferralCode), "registration.language",
        new InlineKeyboardMarkup(
        [
            [turn.Pressable("language.ru", $"{Language}:ru"), turn.Pressable("language.en", $"{Language}:en")],
            [turn.Pressable("button.had_card", Recovery.Search)],
        ]),
        ct);

    // Of two links the later one counts; none takes nothing away.
    private static Answers FromLink(string payload, Answers answers) =>
        payload.StartsWith(ReferralLink, StringComparison.Ordinal) && payload.Length <= 64
            ? answers with { ReferralCode = payload[ReferralLink.Length..], Channel = null }
        : payload.Length is > 0 and <= 64 && payload.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-')
            ? answers with { Channel = payload, ReferralCode = null }
        : answers;

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
        new ReplyKeyboardMarkup(new KeyboardButton(turn.FullName)) { ResizeKeyboard = true, OneTimeKeyboard = true }, ct);

    private static Task AskPhone(Turn turn, Answers answers, CancellationToken ct) => turn.Ask(
        Phone, answers, "registration.phone",
        new ReplyKeyboardMarkup([[KeyboardButton.WithRequestContact(turn.Label("button.share_phone"))], [new KeyboardButton(turn.Label("button.had_card"))]])
        {
            ResizeKeyboard = true,
            OneTimeKeyboard = true,
        },
        ct);

    private static ReplyKeyboardMarkup Skippable(Turn turn) =>
        new(new KeyboardButton(turn.Label("button.skip"))) { ResizeKeyboard = true, OneTimeKeyboard = true };

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
