using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts.Users;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>Registers a person, and then does what they asked for first. Answers survive interruptions; only <c>/start</c> starts over.</summary>
internal static class Registration
{
    public const string Begin = "registration.begin";
    public const string Language = "registration.language";
    public const string Consent = "registration.consent";
    public const string Name = "registration.name";
    public const string Phone = "registration.phone";
    public const string BirthDate = "registration.birth_date";
    public const string BirthDateConfirm = "registration.birth_date_sure";
    public const string City = "registration.city";

    /// <summary>What a link of a guest who invites others begins with.</summary>
    public const string ReferralLink = "ref_";

    private const string Yes = "yes";

    /// <summary>The channel of a link whose payload is invalid.</summary>
    private const string OtherLink = "other-link";

    private const int LongestLink = 64;

    /// <param name="ReturnTo">The route that the person asked for first.</param>
    /// <param name="PhoneVerified">It is the number of the person's own Telegram account.</param>
    /// <param name="BirthDateAsked">Answered or skipped; like <paramref name="CityAsked"/>.</param>
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

    /// <summary>Starts a registration, or repeats the open question of one. Only the first request is remembered for the end.</summary>
    public static async Task RegisterFirst(Turn turn, CancellationToken ct)
    {
        if (turn.Input.Command == "/start")
        {
            await Restart(turn, FromLink(turn.Input.Argument, SoFar(turn)), ct);
        }
        // An answer to an old question, from before the person was erased or moved.
        else if (turn.Route == turn.Chat.Step)
        {
            await Restart(turn, SoFar(turn), ct);
        }
        else if (turn.Input.Command == Settings.LanguageCommand || turn.Input.Button == Settings.LanguageButton)
        {
            await AskLanguage(turn, SoFar(turn), ct);
        }
        else if (IsUnderWay(turn))
        {
            await turn.Reply.Say("registration.first", ct);
            await Questions.Repeat(turn, ct);
        }
        else
        {
            await Restart(turn, new Answers(ReturnTo: turn.Route), ct);
        }
    }

    /// <summary>Whether a question of the registration, or of <see cref="Recovery"/>, is open.</summary>
    public static bool IsUnderWay(Turn turn) => turn.Chat is
    {
        Form: not null,
        Step: Begin or Language or Consent or Name or Phone or BirthDate or BirthDateConfirm or City or Recovery.Phone or Recovery.Email or Recovery.EmailCode,
    };

    public static Answers SoFar(Turn turn)
    {
        if (!IsUnderWay(turn))
        {
            return new Answers();
        }

        // These questions follow the consent, which older releases did not store.
        var answers = turn.Chat.FormAs<Answers>();
        return turn.Chat.Step is Name or Phone or BirthDate or BirthDateConfirm or City ? answers with { Agreed = true } : answers;
    }

    public static async Task BeginAgain(Turn turn, CancellationToken ct)
    {
        await turn.Reply.RemoveButtons(ct);
        await AskConsent(turn, SoFar(turn), ct);
    }

    public static Task ReadTypedBegin(Turn turn, CancellationToken ct) =>
        turn.Input.Says("button.begin_again") ? BeginAgain(turn, ct) : Questions.RejectAnswer(turn, ct);

    public static Task ReadLanguage(Turn turn, CancellationToken ct) => SetLanguage(turn, turn.Input.Argument == "en" ? "en" : "ru", ct);

    public static Task ReadTypedLanguage(Turn turn, CancellationToken ct) =>
        turn.Input.Says("language.ru") ? SetLanguage(turn, "ru", ct)
        : turn.Input.Says("language.en") ? SetLanguage(turn, "en", ct)
        : Questions.RejectAnswer(turn, ct);

    public static Task ReadConsent(Turn turn, CancellationToken ct) => turn.Input.Argument == Yes ? Agree(turn, ct) : Decline(turn, ct);

    public static Task ReadTypedConsent(Turn turn, CancellationToken ct) =>
        turn.Input.Says("button.agree") ? Agree(turn, ct)
        : turn.Input.Says("button.decline") ? Decline(turn, ct)
        : Questions.RejectAnswer(turn, ct);

    public static async Task ReadName(Turn turn, CancellationToken ct)
    {
        if (await PersonalAnswers.ParseName(turn, ct) is { } name)
        {
            await AskNext(turn, SoFar(turn) with { FullName = name }, ct);
        }
    }

    public static async Task ReadPhone(Turn turn, CancellationToken ct)
    {
        if (turn.Input.Says("button.had_card"))
        {
            await Recovery.Begin(turn, ct);
        }
        else if (await PersonalAnswers.ParsePhone(turn, ct) is { } phone)
        {
            if (!phone.Verified)
            {
                await turn.Reply.Say("registration.phone_taken", ct, ("phone", phone.Written));
            }

            await AskNext(turn, SoFar(turn) with { Phone = phone.Number, PhoneVerified = phone.Verified }, ct);
        }
    }

    public static async Task ReadBirthDate(Turn turn, CancellationToken ct)
    {
        var answers = SoFar(turn) with { BirthDate = null };
        if (turn.Input.Says("button.skip"))
        {
            await AskNext(turn, answers with { BirthDateAsked = true }, ct);
        }
        else if (await PersonalAnswers.ParseBirthDate(turn, "registration.birth_date_wrong", ct) is { } date)
        {
            answers = answers with { BirthDate = date.Date };
            await (date.Doubtful
                ? PersonalAnswers.ConfirmDate(turn, BirthDateConfirm, answers, date.Date, ct)
                : AcceptBirthDate(turn, answers, ct));
        }
    }

    public static async Task ReadDateConfirmation(Turn turn, CancellationToken ct)
    {
        var answers = SoFar(turn);
        if (turn.Input.Says("button.yes"))
        {
            await AskNext(turn, answers with { BirthDateAsked = true }, ct);
        }
        else if (turn.Input.Says("button.no"))
        {
            await AskBirthDate(turn, answers with { BirthDate = null }, ct);
        }
        else
        {
            await ReadBirthDate(turn, ct);
        }
    }

    public static async Task ReadCity(Turn turn, CancellationToken ct)
    {
        // This question follows the birth date, which older releases did not store as asked.
        var answers = SoFar(turn) with { BirthDateAsked = true };
        if (turn.Input.Says("button.skip"))
        {
            await AskNext(turn, answers with { CityAsked = true }, ct);
        }
        else if (await PersonalAnswers.ParseCity(turn, ct) is { } city)
        {
            await AskNext(turn, answers with { City = city, CityAsked = true }, ct);
        }
    }

    /// <summary>Asks the first open question; registers the person when there is none.</summary>
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

    public static Task AskLanguage(Turn turn, Answers answers, CancellationToken ct) => turn.Reply.Ask(
        Language, answers, "registration.language",
        new InlineKeyboardMarkup(
        [
            [turn.Texts.Button("language.ru", $"{Language}:ru"), turn.Texts.Button("language.en", $"{Language}:en")],
            [turn.Texts.Button("button.had_card", Recovery.Search)],
        ]),
        ct);

    public static async Task AskConsent(Turn turn, Answers answers, CancellationToken ct)
    {
        var consent = await turn.Gateway.Get<ConsentText>($"/api/users/consent?language={turn.Chat.Language}", ct);
        await turn.Reply.Ask(
            Consent, answers with { ConsentText = consent.Version }, "registration.consent",
            new InlineKeyboardMarkup(turn.Texts.Button("button.agree", $"{Consent}:{Yes}"), turn.Texts.Button("button.decline", $"{Consent}:no")),
            ct, ("text", consent.Text), ("version", consent.Version));
    }

    public static Task AskToBegin(Turn turn, Answers answers, CancellationToken ct) =>
        turn.Reply.Ask(Begin, answers, "registration.declined", new InlineKeyboardMarkup(turn.Texts.Button("button.begin_again", Begin)), ct);

    public static async Task AskName(Turn turn, Answers answers, CancellationToken ct)
    {
        var offered = await PersonalAnswers.NameInTelegram(turn, ct);
        ReplyMarkup keyboard = offered is null ? new ReplyKeyboardRemove()
            : new ReplyKeyboardMarkup(new KeyboardButton(offered)) { ResizeKeyboard = true, OneTimeKeyboard = true };
        await turn.Reply.Ask(Name, answers, offered is null ? "registration.name_typed" : "registration.name", keyboard, ct);
    }

    public static Task AskPhone(Turn turn, Answers answers, CancellationToken ct) => turn.Reply.Ask(
        Phone, answers, "registration.phone",
        new ReplyKeyboardMarkup(
            [[KeyboardButton.WithRequestContact(turn.Texts.Label("button.share_phone"))], [new KeyboardButton(turn.Texts.Label("button.had_card"))]])
        {
            ResizeKeyboard = true,
            OneTimeKeyboard = true,
        },
        ct);

    public static Task AskBirthDate(Turn turn, Answers answers, CancellationToken ct) =>
        turn.Reply.Ask(BirthDate, answers, "registration.birth_date", Skippable(turn), ct);

    public static Task AskCity(Turn turn, Answers answers, CancellationToken ct) => turn.Reply.Ask(City, answers, "registration.city", Skippable(turn), ct);

    // Starts over, but remembers what brought the person here.
    private static Task Restart(Turn turn, Answers answers, CancellationToken ct) =>
        AskLanguage(turn, new Answers(answers.ReturnTo, answers.Channel, answers.ReferralCode), ct);

    private static async Task SetLanguage(Turn turn, string language, CancellationToken ct)
    {
        var answers = SoFar(turn);
        turn.Chat.Language = language;
        await turn.Reply.Replace("registration.language_taken", keyboard: null, ct);
        await (answers.Agreed ? AskNext(turn, answers, ct) : AskConsent(turn, answers, ct));
    }

    private static Task Agree(Turn turn, CancellationToken ct) => AskNext(turn, SoFar(turn) with { Agreed = true }, ct);

    // Deletes the personal answers; the channel is only the name of a link.
    private static Task Decline(Turn turn, CancellationToken ct)
    {
        var answers = SoFar(turn);
        return AskToBegin(turn, new Answers(answers.ReturnTo, answers.Channel, answers.ReferralCode), ct);
    }

    private static async Task AcceptBirthDate(Turn turn, Answers answers, CancellationToken ct)
    {
        await turn.Reply.Say("birth_date.taken", ct, ("date", turn.Texts.DayInWords(answers.BirthDate!.Value)));
        await AskNext(turn, answers with { BirthDateAsked = true }, ct);
    }

    // A later link replaces an earlier one. Links are typed, and may arrive in any case.
    private static Answers FromLink(string payload, Answers answers)
    {
        var isReadable = payload.Length <= LongestLink && payload.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');
        return payload.Length == 0 ? answers
            : isReadable && payload.StartsWith(ReferralLink, StringComparison.OrdinalIgnoreCase) && payload.Length > ReferralLink.Length
                ? answers with { ReferralCode = payload[ReferralLink.Length..], Channel = null }
            : isReadable && !payload.Equals(ReferralLink, StringComparison.OrdinalIgnoreCase)
                ? answers with { Channel = payload.ToLowerInvariant(), ReferralCode = null }
            : answers with { Channel = OtherLink, ReferralCode = null };
    }

    private static ReplyKeyboardMarkup Skippable(Turn turn) => turn.Texts.Keyboard(oneTime: true, "button.skip");

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
                    turn.Input.From.Username,
                    answers.City,
                    answers.BirthDate,
                    turn.Chat.Language,
                    answers.Channel,
                    answers.ReferralCode,
                },
                ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(UsersErrors.UserExists))
        {
            turn.Gateway.InvalidateToken();
            me = await turn.Gateway.Get<Me>("/api/users/me", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(UsersErrors.ConsentOutdated))
        {
            await turn.Reply.Say("registration.consent_outdated", ct);
            await AskConsent(turn, answers with { Agreed = false }, ct);
            return;
        }
        // The rules may have changed since the answer was validated. The other answers stay.
        catch (GatewayRefusedException refused) when (refused.Is(UsersErrors.PhoneInvalid) || refused.Fields.Contains("phone"))
        {
            await turn.Reply.Say("registration.phone_wrong", ct);
            await AskPhone(turn, answers with { Phone = null, PhoneVerified = false }, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("fullName"))
        {
            await turn.Reply.Say("registration.name_wrong", ct);
            await AskName(turn, answers with { FullName = null }, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("birthDate"))
        {
            await turn.Reply.Say("registration.birth_date_wrong", ct);
            await AskBirthDate(turn, answers with { BirthDate = null, BirthDateAsked = false }, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("city"))
        {
            await turn.Reply.Say("registration.city_wrong", ct);
            await AskCity(turn, answers with { City = null, CityAsked = false }, ct);
            return;
        }

        // The cached token is still the guest role's.
        turn.Gateway.InvalidateToken();
        turn.Chat.Language = me.Language;
        turn.Chat.Finish();
        var rules = PointsRules.LineOf(turn, await PointsRules.Read(turn, ct), level: null);
        await turn.Reply.SayLines(Welcome.Menu(turn), ct, turn.Texts.Line("registration.done", ("name", me.FullName)), rules);
        if (answers.ReturnTo is { } route)
        {
            turn.ContinueWith(route);
        }
    }

    private sealed record ConsentText(string Version, string Text);
}
