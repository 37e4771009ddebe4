using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Bots.Texts;
using Platform.Contracts.Users;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>Shows a guest's personal data, with buttons to change it.</summary>
internal static class Settings
{
    public const string LanguageButton = "settings.language";
    public const string LanguageCommand = "/language";
    public const string SetLanguage = "settings.set_language";
    public const string Name = "settings.name";
    public const string City = "settings.city";
    public const string BirthDate = "settings.birth_date";
    public const string BirthDateConfirm = "settings.birth_date_sure";
    public const string Phone = "settings.phone";
    public const string Email = "settings.email";
    public const string EmailCode = "settings.email_code";

    public sealed record DateDraft(DateOnly Date);

    private static readonly string[] CityField = ["city"];
    private static readonly string[] BirthDateField = ["birthDate"];

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        var me = await turn.Gateway.Get<Me>("/api/users/me", ct);
        turn.Chat.Finish();
        await Show(turn, me, ct);
    }

    public static async Task Cancel(Turn turn, CancellationToken ct)
    {
        // A registration cannot be cancelled, only restarted.
        if (Registration.IsUnderWay(turn))
        {
            await turn.Reply.Say("registration.first", ct);
            await Questions.Repeat(turn, ct);
            return;
        }

        var cancelled = WriteToUs.IsUnderWay(turn) ? "letter_to.cancelled" : "settings.cancelled";
        turn.Chat.Finish();
        await turn.Reply.Say(cancelled, Welcome.Menu(turn), ct);
    }

    public static async Task AskLanguage(Turn turn, CancellationToken ct)
    {
        // Forbidden for people who have not registered: their registration begins with this question.
        await turn.Gateway.Get<Me>("/api/users/me", ct);
        await turn.Reply.Say(
            "registration.language",
            new InlineKeyboardMarkup(turn.Texts.Button("language.ru", $"{SetLanguage}:ru"), turn.Texts.Button("language.en", $"{SetLanguage}:en")), ct);
    }

    public static async Task ReadLanguage(Turn turn, CancellationToken ct)
    {
        if (!BotText.Languages.Contains(turn.Input.Argument))
        {
            // They pressed a language before they had registered, and the choice was lost.
            await AskLanguage(turn, ct);
            return;
        }

        var me = await turn.Gateway.Patch<Me>("/api/users/me", new { language = turn.Input.Argument }, ct);
        turn.Chat.Language = me.Language;
        turn.Chat.Finish();
        await turn.Reply.Replace("registration.language_taken", keyboard: null, ct);
        await turn.Reply.Say("settings.saved", Welcome.Menu(turn), ct);
    }

    public static async Task AskName(Turn turn, CancellationToken ct)
    {
        var offered = await PersonalAnswers.NameInTelegram(turn, ct);
        await turn.Reply.Ask(
            Name, form: null, offered is null ? "registration.name_typed" : "registration.name",
            Cancellable(turn, offered is null ? [] : [Button(offered)]), ct);
    }

    public static async Task ReadName(Turn turn, CancellationToken ct)
    {
        if (await PersonalAnswers.ParseName(turn, ct) is { } name)
        {
            await Save(turn, new { fullName = name }, ct);
        }
    }

    public static Task AskCity(Turn turn, CancellationToken ct) =>
        turn.Reply.Ask(City, form: null, "registration.city", Cancellable(turn, RemoveButton(turn)), ct);

    public static async Task ReadCity(Turn turn, CancellationToken ct)
    {
        if (turn.Input.Says("button.remove"))
        {
            await Save(turn, new { remove = CityField }, ct);
        }
        else if (await PersonalAnswers.ParseCity(turn, ct) is { } city)
        {
            await Save(turn, new { city }, ct);
        }
    }

    public static Task AskBirthDate(Turn turn, CancellationToken ct) =>
        turn.Reply.Ask(BirthDate, form: null, "registration.birth_date", Cancellable(turn, RemoveButton(turn)), ct);

    public static async Task ReadBirthDate(Turn turn, CancellationToken ct)
    {
        if (turn.Input.Says("button.remove"))
        {
            await Save(turn, new { remove = BirthDateField }, ct);
        }
        else if (await PersonalAnswers.ParseBirthDate(turn, "settings.birth_date_wrong", ct) is { } date)
        {
            await (date.Doubtful
                ? PersonalAnswers.ConfirmDate(turn, BirthDateConfirm, new DateDraft(date.Date), date.Date, ct)
                : Save(turn, new { birthDate = date.Date }, ct));
        }
    }

    public static async Task ReadDateConfirmation(Turn turn, CancellationToken ct)
    {
        if (turn.Input.Says("button.yes"))
        {
            await Save(turn, new { birthDate = turn.Chat.FormAs<DateDraft>().Date }, ct);
        }
        else
        {
            await (turn.Input.Says("button.no") ? AskBirthDate(turn, ct) : ReadBirthDate(turn, ct));
        }
    }

    public static Task AskPhone(Turn turn, CancellationToken ct) => turn.Reply.Ask(
        Phone, form: null, "registration.phone", Cancellable(turn, KeyboardButton.WithRequestContact(turn.Texts.Label("button.share_phone"))), ct);

    public static async Task ReadPhone(Turn turn, CancellationToken ct)
    {
        if (await PersonalAnswers.ParsePhone(turn, ct) is { } phone)
        {
            await Save(turn, new { phone = phone.Number, phoneVerified = phone.Verified }, ct);
            if (!phone.Verified && turn.Chat.Step is null)
            {
                await turn.Reply.Say("settings.phone_unverified", ct);
            }
        }
    }

    public static Task AskEmail(Turn turn, CancellationToken ct) => turn.Reply.Ask(Email, form: null, "email", Cancellable(turn), ct);

    public static Task AskEmailCode(Turn turn, CancellationToken ct)
    {
        var draft = turn.Chat.FormAs<EmailProof.Draft>();
        return turn.Reply.Ask(EmailCode, draft, "email.code", Cancellable(turn), ct, ("email", draft.Email));
    }

    public static Task ReadEmail(Turn turn, CancellationToken ct) =>
        EmailProof.ReadAddress(turn, EmailCode, email => new EmailProof.Draft(email), Cancellable(turn), ct);

    public static async Task ReadEmailCode(Turn turn, CancellationToken ct)
    {
        if (EmailProof.IsAddress(turn))
        {
            await ReadEmail(turn, ct);
            return;
        }

        if (await EmailProof.ParseCode(turn, ct) is not { } code)
        {
            return;
        }

        var email = turn.Chat.FormAs<EmailProof.Draft>().Email;
        try
        {
            var me = await turn.Gateway.Put<Me>("/api/users/me/email", new { email, code }, ct);
            await Saved(turn, me, ct);
        }
        catch (GatewayRefusedException refused) when (EmailProof.IsAboutCode(refused))
        {
            // A code works once. If the answer to the first call was lost, the repetition is refused.
            var me = await turn.Gateway.Get<Me>("/api/users/me", ct);
            if (string.Equals(me.Email, email, StringComparison.OrdinalIgnoreCase))
            {
                await Saved(turn, me, ct);
                return;
            }

            await EmailProof.ExplainRefusal(turn, refused, Email, form: null, Cancellable(turn), ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(UsersErrors.EmailTaken))
        {
            await turn.Reply.Ask(Email, form: null, "email.taken", Cancellable(turn), ct);
        }
    }

    /// <summary>The question stays open when the service refuses the answer.</summary>
    private static async Task Save(Turn turn, object change, CancellationToken ct)
    {
        try
        {
            var me = await turn.Gateway.Patch<Me>("/api/users/me", change, ct);
            await Saved(turn, me, ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(UsersErrors.PhoneInvalid) || refused.Fields.Contains("phone"))
        {
            await turn.Reply.Say("registration.phone_wrong", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("fullName"))
        {
            await turn.Reply.Say("registration.name_wrong", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("city"))
        {
            await turn.Reply.Say("registration.city_wrong", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(UsersErrors.BirthDateInvalid) || refused.Fields.Contains("birthDate"))
        {
            await turn.Reply.Say("settings.birth_date_wrong", ct);
        }
    }

    private static async Task Saved(Turn turn, Me me, CancellationToken ct)
    {
        turn.Chat.Finish();
        await turn.Reply.Say("settings.saved", Welcome.Menu(turn), ct);
        await Show(turn, me, ct);
    }

    private static async Task Show(Turn turn, Me me, CancellationToken ct)
    {
        turn.Chat.Language = me.Language;
        var none = turn.Texts.Line("settings.none");
        await turn.Reply.SayLines(
            new InlineKeyboardMarkup(
            [
                [turn.Texts.Button("button.name", Name), turn.Texts.Button("button.language", LanguageButton)],
                [turn.Texts.Button("button.city", City), turn.Texts.Button("button.birth_date", BirthDate)],
                [turn.Texts.Button("button.phone", Phone), turn.Texts.Button("button.email", Email)],
                [turn.Texts.Button("button.notifications", MessageSettings.Open), turn.Texts.Button("button.data", MyData.Open)],
            ]),
            ct,
            turn.Texts.Line("settings", ("name", me.FullName)),
            turn.Texts.Line("profile.city", ("city", me.City ?? none)),
            turn.Texts.Line("profile.birth_date", ("date", (object?)me.BirthDate ?? none)),
            turn.Texts.Line(
                "settings.phone", ("phone", me.Phone ?? none),
                ("verified", me.Phone is null ? "" : turn.Texts.Line(me.PhoneVerified ? "phone.verified" : "phone.unverified"))),
            turn.Texts.Line("settings.email", ("email", me.Email ?? none)));
    }

    private static KeyboardButton Button(string text) => new(text);

    private static KeyboardButton RemoveButton(Turn turn) => Button(turn.Texts.Label("button.remove"));

    private static ReplyKeyboardMarkup Cancellable(Turn turn, params IEnumerable<KeyboardButton> answers) =>
        new([.. answers.Select(answer => new[] { answer }), [Button(turn.Texts.Label("menu.cancel"))]]) { ResizeKeyboard = true, OneTimeKeyboard = true };
}
