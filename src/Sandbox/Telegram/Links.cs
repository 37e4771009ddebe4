namespace Platform.Sandbox.Telegram;

internal static class Links
{
    /// <summary>Only what a browser opens without running it: never <c>javascript:</c>.</summary>
    public static bool IsOpenable(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https" or "tg" or "mailto" or "tel");
}
