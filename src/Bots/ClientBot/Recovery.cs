using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts.Users;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>
/// A guest who had a card with another Telegram account gets it back, by the phone or the e-mail address that it was registered with, and
/// does not register again. What they had answered of a registration is kept meanwhile: if nothing is found, it goes on.
/// </summary>
internal static class Recovery
{
    public const string Search = "recover";
    public const string Phone = "recover.phone";
    public const string Email = "recover.email";
    public const string EmailCode = "recover.email_code";

    public static Task Begin(Turn turn, CancellationToken ct) => turn.Ask(Phone, Registration.SoFar(turn), "recover", ByPhone(turn), ct);

    public static async Task TakePhone(Turn turn, CancellationToken ct)
    {
        if (await IsDecided(turn, ct))
        {
            return;
        }

        if (turn.Says("button.by_email"))
        {
            await AskEmail(turn, ct);
        }
        else if (await PersonalAnswers.TakeOwnPhone(turn, ct) is { } phone)
        {
            await Recover(turn, new { phone, phoneVerified = true }, Phone, "recover.nothing_by_phone", ByPhone(turn), ct);
        }
    }

    public static Task AskEmail(Turn turn, CancellationToken ct) => turn.Ask(Email, Registration.SoFar(turn), "recover.email", Anew(turn), ct);

    public static Task AskEmailCode(Turn turn, CancellationToken ct)
    {
        var answers = Registration.SoFar(turn);
        return turn.Ask(EmailCode, answers, "email.code", Anew(turn), ct, ("email", answers.Email));
    }

    public static async Task TakeEmail(Turn turn, CancellationToken ct)
    {
        if (!await IsDecided(turn, ct))
        {
            await EmailProof.TakeAddress(turn, EmailCode, email => Registration.SoFar(turn) with { Email = email }, Anew(turn), ct);
        }
    }

    public static async Task TakeEmailCode(Turn turn, CancellationToken ct)
    {
        if (EmailProof.IsAddress(turn))
        {
            await TakeEmail(turn, ct);
        }
        else if (!await IsDecided(turn, ct) && await EmailProof.TakeCode(turn, ct) is { } code)
        {
            await Recover(turn, new { Registration.SoFar(turn).Email, code }, Email, "recover.nothing_by_email", Anew(turn), ct);
        }
    }

    /// <param name="step">The question that stays when nothing is found.</param>
    private static async Task Recover(Turn turn, object proof, string step, string nothing, ReplyMarkup keyboard, CancellationToken ct)
    {
        var answers = Registration.SoFar(turn);
        try
        {
            await turn.Gateway.Post("/api/auth/recover", proof, ct);
        }
        catch (GatewayRefusedException refused) when (refused.Code == UsersErrors.NothingToRecover.Code)
        {
            await turn.Ask(step, answers, nothing, keyboard, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (EmailProof.IsAboutCode(refused))
        {
            await EmailProof.TellOfCode(turn, refused, Email, answers, keyboard, ct);
            return;
        }
        // They have a card with this account, perhaps since a moment ago.
        catch (GatewayRefusedException refused) when (refused.Code == UsersErrors.UserExists.Code)
        {
        }

        // They are somebody else to the gateway from now on. The tokens of the answer are not kept: the bot asks for its own.
        turn.Gateway.ForgetSession();
        var me = await turn.Gateway.Get<Me>("/api/users/me", ct);
        turn.Chat.Language = me.Language;
        turn.Chat.Finish();
        await turn.Say("recover.done", Welcome.Menu(turn), ct, ("name", me.FullName));
        await (answers.ReturnTo is { } route ? turn.Continue(route, ct) : ShowProfile.Show(turn, ct));
    }

    /// <returns>Whether they would rather register again.</returns>
    private static async Task<bool> IsDecided(Turn turn, CancellationToken ct)
    {
        if (!turn.Says("button.register_anew"))
        {
            return false;
        }

        await Registration.AskNext(turn, Registration.SoFar(turn), ct);
        return true;
    }

    private static ReplyKeyboardMarkup ByPhone(Turn turn) => new(
    [
        [KeyboardButton.WithRequestContact(turn.Label("button.share_phone"))],
        [new KeyboardButton(turn.Label("button.by_email"))],
        [new KeyboardButton(turn.Label("button.register_anew"))],
    ])
    {
        ResizeKeyboard = true,
    };

    private static ReplyKeyboardMarkup Anew(Turn turn) => new(new KeyboardButton(turn.Label("button.register_anew"))) { ResizeKeyboard = true };
}
