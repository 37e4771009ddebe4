namespace Platform.Sandbox.Telegram;

internal static class Links
{
    /// <summary>Whether browsers open the address without executing it: never <c>javascript:</c>.</summary>
    public static bool IsOpenable(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https" or "tg" or "mailto" or "tel");
}
