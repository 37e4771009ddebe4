namespace Platform.Contracts.Bots;

/// <summary>A bot connected to Telegram and learned its username. Published at each start of the bots.</summary>
/// <remarks>
/// Consumers: users (the link in the QR code of a card). Delivery is at least once and unordered: upsert by <see cref="Bot"/>; the latest
/// <see cref="ConnectedAt"/> counts.
/// </remarks>
public sealed record BotConnected
{
    /// <summary>One of <see cref="BotNames"/>.</summary>
    public required string Bot { get; init; }

    /// <summary>The bot's name in Telegram, without the @.</summary>
    public required string Username { get; init; }

    public required DateTimeOffset ConnectedAt { get; init; }
}
