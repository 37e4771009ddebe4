using Platform.ServiceDefaults.Web;

namespace Platform.Gateway.Limits;

/// <summary>Whose calls are counted together.</summary>
internal static class CallerKey
{
    /// <summary>The person that the token acts for, also behind a bot that acts for thousands; without a token, the network.</summary>
    /// <remarks>The Telegram id goes first: it is the same before and after the person's registration.</remarks>
    public static string Of(HttpContext context) =>
        Caller.Of(context) is not { } caller ? OfNetwork(context)
        : caller.TelegramId is { } telegramId ? $"telegram:{telegramId}"
        : caller.Subject;

    public static string OfNetwork(HttpContext context) => $"address:{CallerNetwork.Of(context)}";
}
