using Platform.ServiceDefaults.Web;

namespace Platform.Gateway.Limits;

/// <summary>The key by which calls are counted.</summary>
internal static class CallerKey
{
    /// <summary>The person the token acts for, also behind a bot; the network if there is no token.</summary>
    /// <remarks>The Telegram id comes first: registration does not change it.</remarks>
    public static string Of(HttpContext context) =>
        Caller.Of(context) is not { } caller ? OfNetwork(context)
        : caller.TelegramId is { } telegramId ? $"telegram:{telegramId}"
        : caller.Subject;

    public static string OfNetwork(HttpContext context) => $"address:{CallerNetwork.Of(context)}";
}
