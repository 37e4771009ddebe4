using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts.Users;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>Moves a card from a lost Telegram account to this one. An unfinished registration continues if no card is found.</summary>
internal static class Recovery
{
    public const string Search = "recover";
    public const string Phone = "recover.phone";
    public const string Email = "recover.email";
    public const string EmailCode = "recover.email_code";

    public static Task Begin(Turn turn, CancellationToken ct) => turn.Reply.Ask(Phone, Registration.SoFar(turn), "recover", ByPhone(turn), ct);

    public static async Task ReadPhone(Turn turn, CancellationToken ct)
    {
        if (await TryRegisterInstead(turn, ct))
        {
            return;
        }

        if (turn.Input.Says("button.by_email"))
        {
            await AskEmail(turn, ct);
        }
        else if (await PersonalAnswers.ParseOwnPhone(turn, ct) is { } phone)
        {
            await Recover(turn, new { phone, phoneVerified = true }, Phone, "recover.nothing_by_phone", ByPhone(turn), ct);
        }
    }

    public static Task AskEmail(Turn turn, CancellationToken ct) => turn.Reply.Ask(Email, Registration.SoFar(turn), "recover.email", OrRegister(turn), ct);

    public static Task AskEmailCode(Turn turn, CancellationToken ct)
    {
        var answers = Registration.SoFar(turn);
        return turn.Reply.Ask(EmailCode, answers, "email.code", OrRegister(turn), ct, ("email", answers.Email));
    }

    public static async Task ReadEmail(Turn turn, CancellationToken ct)
    {
        if (!await TryRegisterInstead(turn, ct))
        {
            await EmailProof.ReadAddress(turn, EmailCode, email => Registration.SoFar(turn) with { Email = email }, OrRegister(turn), ct);
        }
    }

    public static async Task ReadEmailCode(Turn turn, CancellationToken ct)
    {
        if (EmailProof.IsAddress(turn))
        {
            await ReadEmail(turn, ct);
        }
        else if (!await TryRegisterInstead(turn, ct) && await EmailProof.ParseCode(turn, ct) is { } code)
        {
            await Recover(turn, new { Registration.SoFar(turn).Email, code }, Email, "recover.nothing_by_email", OrRegister(turn), ct);
        }
    }

    private static async Task Recover(Turn turn, object proof, string step, string nothing, ReplyMarkup keyboard, CancellationToken ct)
    {
        var answers = Registration.SoFar(turn);
        try
        {
            await turn.Gateway.Post("/api/auth/recover", proof, ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(UsersErrors.NothingToRecover))
        {
            await turn.Reply.Ask(step, answers, nothing, keyboard, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (EmailProof.IsAboutCode(refused))
        {
            await EmailProof.ExplainRefusal(turn, refused, Email, answers, keyboard, ct);
            return;
        }
        // This account has a card already, perhaps since the first attempt.
        catch (GatewayRefusedException refused) when (refused.Is(UsersErrors.UserExists))
        {
        }

        // The cached token is still the guest role's.
        turn.Gateway.InvalidateToken();
        var me = await turn.Gateway.Get<Me>("/api/users/me", ct);
        turn.Chat.Language = me.Language;
        turn.Chat.Finish();
        await turn.Reply.Say("recover.done", Welcome.Menu(turn), ct, ("name", me.FullName));
        if (answers.ReturnTo is { } route)
        {
            turn.ContinueWith(route);
            return;
        }

        await ShowProfile.Show(turn, ct);
    }

    /// <summary>Returns to the registration if the person pressed that button.</summary>
    private static async Task<bool> TryRegisterInstead(Turn turn, CancellationToken ct)
    {
        if (!turn.Input.Says("button.register_anew"))
        {
            return false;
        }

        await Registration.AskNext(turn, Registration.SoFar(turn), ct);
        return true;
    }

    private static ReplyKeyboardMarkup ByPhone(Turn turn) => new(
    [
        [KeyboardButton.WithRequestContact(turn.Texts.Label("button.share_phone"))],
        [new KeyboardButton(turn.Texts.Label("button.by_email"))],
        [new KeyboardButton(turn.Texts.Label("button.register_anew"))],
    ])
    {
        ResizeKeyboard = true,
    };

    private static ReplyKeyboardMarkup OrRegister(Turn turn) => turn.Texts.Keyboard(oneTime: false, "button.register_anew");
}
