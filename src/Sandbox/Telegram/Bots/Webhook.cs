namespace Platform.Sandbox.Telegram.Bots;

/// <summary>Where a bot wants its updates to be sent.</summary>
/// <param name="secret">Comes with each update in the header <c>X-Telegram-Bot-Api-Secret-Token</c>.</param>
internal sealed class Webhook(Uri address, string? secret, int maxConnections)
{
    public Uri Address => address;

    public string? Secret => secret;

    public int MaxConnections => maxConnections;

    /// <summary>When the bot last did not take an update, and why.</summary>
    public DateTimeOffset? FailedAt { get; set; }

    public string? Failure { get; set; }
}
