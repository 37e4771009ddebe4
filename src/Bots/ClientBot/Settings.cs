using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Bots.Texts;
using Platform.Contracts.Users;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>What a guest has told about themselves, each a press away from being changed.</summary>
internal static class Settings
{
    // What leads to the question for a language: the button and the command.
    public const string LanguageButton = "settings.language";
    public const string LanguageCommand = "/language";
    public const string SetLanguage = "settings.set_language";
    public const string Name = "settings.name";
    public const string City = "settings.city";
    public const string BirthDate = "settings.birth_date";
    public const string BirthDateSure = "settings.birth_date_sure";
    public const string Phone = "settings.phone";
    public const string Email = "settings.email";
    public const string EmailCode = "settings.email_code";

    /// <param name="Date">That may be a slip, and is asked about.</param>
    public sealed record DateDraft(DateOnly Date);

    private static readonly string[] OfCity = ["city"];
    private static readonly string[] OfBirthDate = ["birthDate"];

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        var me = await turn.Gateway.Get<Me>("/api/users/me", ct);
        turn.Chat.Finish();
        await Show(turn, me, ct);
    }

    public static async Task Cancel(Turn turn, CancellationToken ct)
    {
        // Nothing is changed yet that could be left as it is.
        if (Registration.IsUnderWay(turn))
        {
            await turn.Say("registration.first", ct);
            await Questions.Repeat(turn, ct);
            return;
        }

        turn.Chat.Finish();
        await turn.Say("settings.cancelled", Welcome.Menu(turn), ct);
    }

    public static async Task AskLanguage(Turn turn, CancellationToken ct)
    {
        // Whoever is no guest yet registers, which begins with this question.
        await turn.Gateway.Get<Me>("/api/users/me", ct);
        await turn.Say(
            "registration.language",
            new InlineKeyboardMarkup(turn.Pressable("language.ru", $"{SetLanguage}:ru"), turn.Pressable("language.en", $"{SetLanguage}:en")), ct);
    }

    public static async Task TakeLanguage(Turn turn, CancellationToken ct)
    {
        if (!BotText.Languages.Contains(turn.Argument))
        {
            // They have registered in between, and the press that said which is gone.
            await AskLanguage(turn, ct);
            return;
        }

        var me = await turn.Gateway.Patch<Me>("/api/users/me", new { language = turn.Argument }, ct);
        turn.Chat.Language = me.Language;
        turn.Chat.Finish();
        await turn.Replace("registration.language_taken", keyboard: null, ct);
        await turn.Say("settings.saved", Welcome.Menu(turn), ct);
    }

    public static async Task AskName(Turn turn, CancellationToken ct)
    {
        var offered = await PersonalAnswers.NameInTelegram(turn, ct);
        await turn.Ask(
            Name, form: null, offered is null ? "registration.name_typed" : "registration.name", Cancellable(turn, offered is null ? [] : [Button(offered)]), ct);
    }

    public static async Task TakeName(Turn turn, CancellationToken ct)
    {
        if (await PersonalAnswers.TakeName(turn, ct) is { } name)
        {
            await Save(turn, new { fullName = name }, ct);
        }
    }

    public static Task AskCity(Turn turn, CancellationToken ct) => turn.Ask(City, form: null, "registration.city", Cancellable(turn, Removing(turn)), ct);

    public static async Task TakeCity(Turn turn, CancellationToken ct)
    {
        if (turn.Says("button.remove"))
        {
            await Save(turn, new { remove = OfCity }, ct);
        }
        else if (await PersonalAnswers.TakeCity(turn, ct) is { } city)
        {
            await Save(turn, new { city }, ct);
        }
    }

    public static Task AskBirthDate(Turn turn, CancellationToken ct) =>
        turn.Ask(BirthDate, form: null, "registration.birth_date", Cancellable(turn, Removing(turn)), ct);

    public static async Task TakeBirthDate(Turn turn, CancellationToken ct)
    {
        if (turn.Says("button.remove"))
        {
            await Save(turn, new { remove = OfBirthDate }, ct);
        }
        else if (await PersonalAnswers.TakeBirthDate(turn, "settings.birth_date_wrong", ct) is { } date)
        {
            await (date.Doubtful
                ? PersonalAnswers.AskWhetherDate(turn, BirthDateSure, new DateDraft(date.Date), date.Date, ct)
                : Save(turn, new { birthDate = date.Date }, ct));
        }
    }

    public static async Task TakeWhetherDate(Turn turn, CancellationToken ct)
    {
        if (turn.Says("button.yes"))
        {
            await Save(turn, new { birthDate = turn.Chat.FormOf<DateDraft>().Date }, ct);
        }
        else
        {
            await (turn.Says("button.no") ? AskBirthDate(turn, ct) : TakeBirthDate(turn, ct));
        }
    }

    public static Task AskPhone(Turn turn, CancellationToken ct) => turn.Ask(
        Phone, form: null, "registration.phone", Cancellable(turn, KeyboardButton.WithRequestContact(turn.Label("button.share_phone"))), ct);

    public static async Task TakePhone(Turn turn, CancellationToken ct)
    {
        if (await PersonalAnswers.TakePhone(turn, ct) is { } phone)
        {
            await Save(turn, new { phone = phone.Number, phoneVerified = phone.Verified }, ct);
            if (!phone.Verified && turn.Chat.Step is null)
            {
                await turn.Say("settings.phone_unverified", ct);
            }
        }
    }

    public static Task AskEmail(Turn turn, CancellationToken ct) => turn.Ask(Email, form: null, "email", Cancellable(turn), ct);

    public static Task AskEmailCode(Turn turn, CancellationToken ct)
    {
        var draft = turn.Chat.FormOf<EmailProof.Draft>();
        return turn.Ask(EmailCode, draft, "email.code", Cancellable(turn), ct, ("email", draft.Email));
    }

    public static Task TakeEmail(Turn turn, CancellationToken ct) =>
        EmailProof.TakeAddress(turn, EmailCode, email => new EmailProof.Draft(email), Cancellable(turn), ct);

    public static async Task TakeEmailCode(Turn turn, CancellationToken ct)
    {
        if (EmailProof.IsAddress(turn))
        {
            await TakeEmail(turn, ct);
            return;
        }

        if (await EmailProof.TakeCode(turn, ct) is not { } code)
        {
            return;
        }

        var email = turn.Chat.FormOf<EmailProof.Draft>().Email;
        try
        {
            var me = await turn.Gateway.Put<Me>("/api/users/me/email", new { email, code }, ct);
            await Saved(turn, me, ct);
        }
        catch (GatewayRefusedException refused) when (EmailProof.IsAboutCode(refused))
        {
            // The code is good once. Where the first answer was lost, it has done its work, and it is the repetition that is refused.
            var me = await turn.Gateway.Get<Me>("/api/users/me", ct);
            if (string.Equals(me.Email, email, StringComparison.OrdinalIgnoreCase))
            {
                await Saved(turn, me, ct);
                return;
            }

            await EmailProof.TellOfCode(turn, refused, Email, form: null, Cancellable(turn), ct);
        }
        catch (GatewayRefusedException refused) when (refused.Code == UsersErrors.EmailTaken.Code)
        {
            await turn.Ask(Email, form: null, "email.taken", Cancellable(turn), ct);
        }
    }

    /// <summary>What the service refuses is asked for again: it knows more of names and numbers than this bot.</summary>
    private static async Task Save(Turn turn, object change, CancellationToken ct)
    {
        try
        {
            var me = await turn.Gateway.Patch<Me>("/api/users/me", change, ct);
            await Saved(turn, me, ct);
        }
        catch (GatewayRefusedException refused) when (refused.Code == UsersErrors.PhoneInvalid.Code || refused.Fields.Contains("phone"))
        {
            await turn.Say("registration.phone_wrong", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("fullName"))
        {
            await turn.Say("registration.name_wrong", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("city"))
        {
            await turn.Say("registration.city_wrong", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Code == UsersErrors.BirthDateInvalid.Code || refused.Fields.Contains("birthDate"))
        {
            await turn.Say("settings.birth_date_wrong", ct);
        }
    }

    private static async Task Saved(Turn turn, Me me, CancellationToken ct)
    {
        turn.Chat.Finish();
        await turn.Say("settings.saved", Welcome.Menu(turn), ct);
        await Show(turn, me, ct);
    }

    private static async Task Show(Turn turn, Me me, CancellationToken ct)
    {
        turn.Chat.Language = me.Language;
        var none = turn.Line("settings.none");
        await turn.SayLines(
            new InlineKeyboardMarkup(
            [
                [turn.Pressable("button.name", Name), turn.Pressable("button.language", LanguageButton)],
                [turn.Pressable("button.city", City), turn.Pressable("button.birth_date", BirthDate)],
                [turn.Pressable("button.phone", Phone), turn.Pressable("button.email", Email)],
                [turn.Pressable("button.data", MyData.Open)],
            ]),
            ct,
            turn.Line("settings", ("name", me.FullName)),
            turn.Line("profile.city", ("city", me.City ?? none)),
            me.BirthDate is { } date ? turn.Line("profile.birth_date", ("date", date)) : turn.Line("profile.birth_date", ("date", none)),
            turn.Line(
                "settings.phone", ("phone", me.Phone ?? none),
                ("verified", me.Phone is null ? "" : turn.Line(me.PhoneVerified ? "phone.verified" : "phone.unverified"))),
            turn.Line("settings.email", ("email", me.Email ?? none)));
    }

    private static KeyboardButton Button(string text) => new(text);

    private static KeyboardButton Removing(Turn turn) => Button(turn.Label("button.remove"));

    private static ReplyKeyboardMarkup Cancellable(Turn turn, params IEnumerable<KeyboardButton> answers) =>
        new([.. answers.Select(answer => new[] { answer }), [Button(turn.Label("menu.cancel"))]]) { ResizeKeyboard = true, OneTimeKeyboard = true };
}
