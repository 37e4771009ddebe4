using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>An address, and the six digits that were sent there: whoever has both reads that mailbox.</summary>
internal static class EmailProof
{
    /// <param name="Email">Where the code was sent.</param>
    public sealed record Draft(string Email);

    /// <summary>Has a code sent to the address that they wrote, and asks for it.</summary>
    /// <param name="codeStep">The question that the code answers.</param>
    /// <param name="form">What the dialogue keeps till then, with the address in it.</param>
    public static async Task TakeAddress(Turn turn, string codeStep, Func<string, object> form, ReplyMarkup keyboard, CancellationToken ct)
    {
        if (turn.Text is not { Length: >= 3 and <= 255 } email || email.Split('@') is not [{ Length: > 0 }, { Length: > 0 }] || email.Any(char.IsWhiteSpace))
        {
            await turn.Say("email.wrong", ct);
            return;
        }

        try
        {
            await turn.Gateway.Post("/api/auth/email", new { email, turn.Chat.Language }, ct);
        }
        catch (GatewayRefusedException refused) when (refused.Code == PlatformErrors.ValidationFailed.Code)
        {
            await turn.Say("email.wrong", ct);
            return;
        }
        catch (GatewayAwayException away) when (away.Code == UsersErrors.MailUnavailable.Code)
        {
            await turn.Say("email.unavailable", ct);
            return;
        }

        await turn.Ask(codeStep, form(email), "email.code", keyboard, ct, ("email", email));
    }

    /// <summary>Whether they have written an address where a code was asked for: then the next one goes there.</summary>
    public static bool IsAddress(Turn turn) => turn.Text?.Contains('@') is true;

    /// <returns>Null when it was no code: they were told.</returns>
    public static async Task<string?> TakeCode(Turn turn, CancellationToken ct)
    {
        var digits = string.Concat((turn.Text ?? "").Where(character => character is not (' ' or '-')));
        if (digits.Length == 6 && digits.All(char.IsAsciiDigit))
        {
            return digits;
        }

        await turn.Say("email.code_wrong", ct);
        return null;
    }

    /// <summary>Whether it was refused because of the code: one that is wrong may be typed again, for another one the address is asked for.</summary>
    public static bool IsAboutCode(GatewayRefusedException refused) => refused.Code == UsersErrors.CodeWrong.Code || refused.Code == UsersErrors.CodeExpired.Code;

    /// <param name="addressStep">The question that is asked again when the code is good no more.</param>
    /// <param name="form">What the dialogue keeps meanwhile.</param>
    public static Task TellOfCode(Turn turn, GatewayRefusedException refused, string addressStep, object? form, ReplyMarkup keyboard, CancellationToken ct) =>
        refused.Code == UsersErrors.CodeWrong.Code ? turn.Say("email.code_wrong", ct) : turn.Ask(addressStep, form, "email.code_expired", keyboard, ct);
}
