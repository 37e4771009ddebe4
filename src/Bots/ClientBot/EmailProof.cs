using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>Proves that a person owns an e-mail address, by a six-digit code that is sent there.</summary>
internal static class EmailProof
{
    public sealed record Draft(string Email);

    /// <summary>Has a code sent to the typed address, and asks for the code.</summary>
    public static async Task ReadAddress(Turn turn, string codeStep, Func<string, object> form, ReplyMarkup keyboard, CancellationToken ct)
    {
        if (turn.Input.Text is not { Length: >= 3 and <= 255 } email
            || email.Split('@') is not [{ Length: > 0 }, { Length: > 0 }] || email.Any(char.IsWhiteSpace))
        {
            await turn.Reply.Say("email.wrong", ct);
            return;
        }

        try
        {
            await turn.Gateway.Post("/api/auth/email", new { email, turn.Chat.Language }, ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.ValidationFailed))
        {
            await turn.Reply.Say("email.wrong", ct);
            return;
        }
        catch (GatewayUnavailableException fault) when (fault.Code == UsersErrors.MailUnavailable.Code)
        {
            await turn.Reply.Say("email.unavailable", ct);
            return;
        }

        await turn.Reply.Ask(codeStep, form(email), "email.code", keyboard, ct, ("email", email));
    }

    /// <summary>Whether the person typed an address instead of the code: then a new code goes there.</summary>
    public static bool IsAddress(Turn turn) => turn.Input.Text?.Contains('@') is true;

    /// <returns>Null when it is not a code; the person got a message.</returns>
    public static async Task<string?> ParseCode(Turn turn, CancellationToken ct)
    {
        var digits = string.Concat((turn.Input.Text ?? "").Where(character => character is not (' ' or '-')));
        if (digits.Length == 6 && digits.All(char.IsAsciiDigit))
        {
            return digits;
        }

        await turn.Reply.Say("email.code_wrong", ct);
        return null;
    }

    public static bool IsAboutCode(GatewayRefusedException refused) => refused.Is(UsersErrors.CodeWrong, UsersErrors.CodeExpired);

    /// <summary>A wrong code may be typed again; an expired one needs a new one, so the address is asked for again.</summary>
    public static Task ExplainRefusal(
        Turn turn, GatewayRefusedException refused, string addressStep, object? form, ReplyMarkup keyboard, CancellationToken ct) =>
        refused.Is(UsersErrors.CodeWrong) ? turn.Reply.Say("email.code_wrong", ct) : turn.Reply.Ask(addressStep, form, "email.code_expired", keyboard, ct);
}
