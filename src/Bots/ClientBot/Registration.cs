using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts.Users;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>
/// Language, consent, name, phone, birth date, city, and the person is a guest. Whoever asked for something before gets it at the end. What
/// has been answered stays answered, whatever comes in between; only <c>/start</c> begins again.
/// </summary>
internal static class Registration
{
    public const string Begin = "registration.begin";
    public const string Language = "registration.language";
    public const string Consent = "registration.consent";
    public const string Name = "registration.name";
    public const string Phone = "registration.phone";
    public const string BirthDate = "registration.birth_date";
    public const string BirthDateSure = "registration.birth_date_sure";
    public const string City = "registration.city";

    private const string Yes = "yes";
    private const string ReferralLink = "ref_";

    /// <summary>Where somebody came from who came by a link that says nothing readable: still by a link.</summary>
    private const string OtherLink = "other-link";

    private const int LongestLink = 64;

    /// <summary>What has been answered so far.</summary>
    /// <param name="ReturnTo">The route of what was asked for at first.</param>
    /// <param name="ConsentText">Version of the text that was shown.</param>
    /// <param name="PhoneVerified">Whether it is the number of their own Telegram account.</param>
    /// <param name="Email">Where a code was sent, while they look for a card that they had: see <see cref="Recovery"/>.</param>
    /// <param name="Agreed">Whether they agreed to the text.</param>
    /// <param name="BirthDateAsked">Answered or skipped; as <paramref name="CityAsked"/>.</param>
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
        string? Email = null,
        bool Agreed = false,
        bool BirthDateAsked = false,
        bool CityAsked = false);

    /// <summary>
    /// A stranger has asked for something: they register first. In the middle of it the question that waits is asked again, and what they
    /// asked for now is not: it is the first thing that they came for that they get at the end.
    /// </summary>
    public static async Task Interpose(Turn turn, CancellationToken ct)
    {
        if (turn.Command == "/start")
        {
            await Restart(turn, FromLink(turn.Argument, SoFar(turn)), ct);
        }
        // An answer leads back to nothing: its question is gone with who they were.
        else if (turn.Route == turn.Chat.Step)
        {
            await Restart(turn, SoFar(turn), ct);
        }
        else if (turn.Command == Settings.LanguageCommand || turn.Button == Settings.LanguageButton)
        {
            await AskLanguage(turn, SoFar(turn), ct);
        }
        else if (IsUnderWay(turn))
        {
            await turn.Say("registration.first", ct);
            await Questions.Repeat(turn, ct);
        }
        else
        {
            await Restart(turn, new Answers(ReturnTo: turn.Route), ct);
        }
    }

    /// <summary>Whether a question of the registration, or of the search for a card instead of it, waits for its answer.</summary>
    public static bool IsUnderWay(Turn turn) => turn.Chat is
    {
        Form: not null,
        Step: Begin or Language or Consent or Name or Phone or BirthDate or BirthDateSure or City or Recovery.Phone or Recovery.Email or Recovery.EmailCode,
    };

    /// <summary>What has been answered; nothing while no registration is under way.</summary>
    public static Answers SoFar(Turn turn)
    {
        if (!IsUnderWay(turn))
        {
            return new Answers();
        }

        // Nobody is asked for these without having agreed, by a release that did not put it down either.
        var answers = turn.Chat.FormOf<Answers>();
        return turn.Chat.Step is Name or Phone or BirthDate or BirthDateSure or City ? answers with { Agreed = true } : answers;
    }

    /// <summary>They had declined, and thought better of it.</summary>
    public static async Task BeginAgain(Turn turn, CancellationToken ct)
    {
        await turn.TakeButtons(ct);
        await AskConsent(turn, SoFar(turn), ct);
    }

    /// <summary>Typed, where there is a button to press.</summary>
    public static Task TypeBegin(Turn turn, CancellationToken ct) => turn.Says("button.begin_again") ? BeginAgain(turn, ct) : Questions.Insist(turn, ct);

    public static Task TakeLanguage(Turn turn, CancellationToken ct) => SetLanguage(turn, turn.Argument == "en" ? "en" : "ru", ct);

    /// <inheritdoc cref="TypeBegin"/>
    public static Task TypeLanguage(Turn turn, CancellationToken ct) =>
        turn.Says("language.ru") ? SetLanguage(turn, "ru", ct)
        : turn.Says("language.en") ? SetLanguage(turn, "en", ct)
        : Questions.Insist(turn, ct);

    public static Task TakeConsent(Turn turn, CancellationToken ct) => turn.Argument == Yes ? Agree(turn, ct) : Decline(turn, ct);

    /// <inheritdoc cref="TypeBegin"/>
    public static Task TypeConsent(Turn turn, CancellationToken ct) =>
        turn.Says("button.agree") ? Agree(turn, ct)
        : turn.Says("button.decline") ? Decline(turn, ct)
        : Questions.Insist(turn, ct);

    public static async Task TakeName(Turn turn, CancellationToken ct)
    {
        if (await PersonalAnswers.TakeName(turn, ct) is { } name)
        {
            await AskNext(turn, SoFar(turn) with { FullName = name }, ct);
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
            if (!phone.Verified)
            {
                await turn.Say("registration.phone_taken", ct, ("phone", phone.Written));
            }

            await AskNext(turn, SoFar(turn) with { Phone = phone.Number, PhoneVerified = phone.Verified }, ct);
        }
    }

    public static async Task TakeBirthDate(Turn turn, CancellationToken ct)
    {
        var answers = SoFar(turn) with { BirthDate = null };
        if (turn.Says("button.skip"))
        {
            await AskNext(turn, answers with { BirthDateAsked = true }, ct);
        }
        else if (await PersonalAnswers.TakeBirthDate(turn, "registration.birth_date_wrong", ct) is { } date)
        {
            answers = answers with { BirthDate = date.Date };
            await (date.Doubtful
                ? PersonalAnswers.AskWhetherDate(turn, BirthDateSure, answers, date.Date, ct)
                : KeepBirthDate(turn, answers, ct));
        }
    }

    public static async Task TakeWhetherDate(Turn turn, CancellationToken ct)
    {
        var answers = SoFar(turn);
        if (turn.Says("button.yes"))
        {
            await AskNext(turn, answers with { BirthDateAsked = true }, ct);
        }
        else if (turn.Says("button.no"))
        {
            await AskBirthDate(turn, answers with { BirthDate = null }, ct);
        }
        else
        {
            // The right one, written at once.
            await TakeBirthDate(turn, ct);
        }
    }

    public static async Task TakeCity(Turn turn, CancellationToken ct)
    {
        // The birth date was asked for before, by a release too that did not put it down.
        var answers = SoFar(turn) with { BirthDateAsked = true };
        if (turn.Says("button.skip"))
        {
            await AskNext(turn, answers with { CityAsked = true }, ct);
        }
        else if (await PersonalAnswers.TakeCity(turn, ct) is { } city)
        {
            await AskNext(turn, answers with { City = city, CityAsked = true }, ct);
        }
    }

    /// <summary>Asks the first thing that is not answered yet; registers when all is.</summary>
    public static Task AskNext(Turn turn, Answers answers, CancellationToken ct) => answers switch
    {
        { Agreed: false, ConsentText: null } => AskLanguage(turn, answers, ct),
        { Agreed: false } => AskConsent(turn, answers, ct),
        { FullName: null } => AskName(turn, answers, ct),
        { Phone: null } => AskPhone(turn, answers, ct),
        { BirthDateAsked: false } => AskBirthDate(turn, answers, ct),
        { CityAsked: false } => AskCity(turn, answers, ct),
        _ => Register(turn, answers, ct),
    };

    public static Task AskLanguage(Turn turn, Answers answers, CancellationToken ct) => turn.Ask(
        Language, answers, "registration.language",
        new InlineKeyboardMarkup(
        [
            [turn.Pressable("language.ru", $"{Language}:ru"), turn.Pressable("language.en", $"{Language}:en")],
            [turn.Pressable("button.had_card", Recovery.Search)],
        ]),
        ct);

    public static async Task AskConsent(Turn turn, Answers answers, CancellationToken ct)
    {
        var consent = await turn.Gateway.Get<ConsentText>($"/api/users/consent?language={turn.Chat.Language}", ct);
        await turn.Ask(
            Consent, answers with { ConsentText = consent.Version }, "registration.consent",
            new InlineKeyboardMarkup(turn.Pressable("button.agree", $"{Consent}:{Yes}"), turn.Pressable("button.decline", $"{Consent}:no")),
            ct, ("text", consent.Text), ("version", consent.Version));
    }

    public static Task AskWhetherToBegin(Turn turn, Answers answers, CancellationToken ct) =>
        turn.Ask(Begin, answers, "registration.declined", new InlineKeyboardMarkup(turn.Pressable("button.begin_again", Begin)), ct);

    // The name in Telegram is one press away, if it would be taken.
    public static async Task AskName(Turn turn, Answers answers, CancellationToken ct)
    {
        var offered = await PersonalAnswers.NameInTelegram(turn, ct);
        await turn.Ask(
            Name, answers, offered is null ? "registration.name_typed" : "registration.name",
            offered is null ? new ReplyKeyboardRemove() : new ReplyKeyboardMarkup(new KeyboardButton(offered)) { ResizeKeyboard = true, OneTimeKeyboard = true }, ct);
    }

    public static Task AskPhone(Turn turn, Answers answers, CancellationToken ct) => turn.Ask(
        Phone, answers, "registration.phone",
        new ReplyKeyboardMarkup([[KeyboardButton.WithRequestContact(turn.Label("button.share_phone"))], [new KeyboardButton(turn.Label("button.had_card"))]])
        {
            ResizeKeyboard = true,
            OneTimeKeyboard = true,
        },
        ct);

    public static Task AskBirthDate(Turn turn, Answers answers, CancellationToken ct) => turn.Ask(BirthDate, answers, "registration.birth_date", Skippable(turn), ct);

    public static Task AskCity(Turn turn, Answers answers, CancellationToken ct) => turn.Ask(City, answers, "registration.city", Skippable(turn), ct);

    // From the beginning all of it is answered again; what has brought them here is not asked, and stays.
    private static Task Restart(Turn turn, Answers answers, CancellationToken ct) =>
        AskLanguage(turn, new Answers(answers.ReturnTo, answers.Channel, answers.ReferralCode), ct);

    private static async Task SetLanguage(Turn turn, string language, CancellationToken ct)
    {
        var answers = SoFar(turn);
        turn.Chat.Language = language;
        await turn.Replace("registration.language_taken", keyboard: null, ct);
        await (answers.Agreed ? AskNext(turn, answers, ct) : AskConsent(turn, answers, ct));
    }

    private static Task Agree(Turn turn, CancellationToken ct) => AskNext(turn, SoFar(turn) with { Agreed = true }, ct);

    // Nothing that they said of themselves is kept: how they came is no more than a link's name.
    private static Task Decline(Turn turn, CancellationToken ct)
    {
        var answers = SoFar(turn);
        return AskWhetherToBegin(turn, new Answers(answers.ReturnTo, answers.Channel, answers.ReferralCode), ct);
    }

    private static async Task KeepBirthDate(Turn turn, Answers answers, CancellationToken ct)
    {
        await turn.Say("birth_date.taken", ct, ("date", turn.DayInWords(answers.BirthDate!.Value)));
        await AskNext(turn, answers with { BirthDateAsked = true }, ct);
    }

    // Of two links the later one counts; none takes nothing away. Links are typed, and changed on their way, in any case.
    private static Answers FromLink(string payload, Answers answers)
    {
        var isReadable = payload.Length <= LongestLink && payload.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');
        return payload.Length == 0 ? answers
            : isReadable && payload.StartsWith(ReferralLink, StringComparison.OrdinalIgnoreCase) && payload.Length > ReferralLink.Length
                ? answers with { ReferralCode = payload[ReferralLink.Length..], Channel = null }
            : answers with { Channel = isReadable && !payload.Equals(ReferralLink, StringComparison.OrdinalIgnoreCase) ? payload.ToLowerInvariant() : OtherLink, ReferralCode = null };
    }

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
        // The text has changed since they agreed to it.
        catch (GatewayRefusedException refused) when (refused.Code == UsersErrors.ConsentOutdated.Code)
        {
            await turn.Say("registration.consent_outdated", ct);
            await AskConsent(turn, answers with { Agreed = false }, ct);
            return;
        }
        // Rules may have changed since the answer was checked. The other answers stay.
        catch (GatewayRefusedException refused) when (refused.Code == UsersErrors.PhoneInvalid.Code || refused.Fields.Contains("phone"))
        {
            await turn.Say("registration.phone_wrong", ct);
            await AskPhone(turn, answers with { Phone = null, PhoneVerified = false }, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("fullName"))
        {
            await turn.Say("registration.name_wrong", ct);
            await AskName(turn, answers with { FullName = null }, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("birthDate"))
        {
            await turn.Say("registration.birth_date_wrong", ct);
            await AskBirthDate(turn, answers with { BirthDate = null, BirthDateAsked = false }, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("city"))
        {
            await turn.Say("registration.city_wrong", ct);
            await AskCity(turn, answers with { City = null, CityAsked = false }, ct);
            return;
        }

        // They are a client from now on, and the token that says so is a new one.
        turn.Gateway.ForgetSession();
        turn.Chat.Language = me.Language;
        turn.Chat.Finish();
        await turn.SayLines(Welcome.Menu(turn), ct, turn.Line("registration.done", ("name", me.FullName)), await PointsRules.LineOf(turn, level: null, ct));
        if (answers.ReturnTo is { } route)
        {
            await turn.Continue(route, ct);
        }
    }

    private sealed record ConsentText(string Version, string Text);
}
