namespace Platform.Sandbox.Telegram.Bots;

/// <summary>Where a bot's updates are sent.</summary>
/// <param name="secret">Sent with each update in the header <c>X-Telegram-Bot-Api-Secret-Token</c>.</param>
internal sealed class Webhook(Uri address, string? secret, int maxConnections)
{
    public Uri Address => address;

    public string? Secret => secret;

    public int MaxConnections => maxConnections;

    /// <summary>When the last delivery failed, and why.</summary>
    public DateTimeOffset? FailedAt { get; set; }

    public string? Failure { get; set; }
}
