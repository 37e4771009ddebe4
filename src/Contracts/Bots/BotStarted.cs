namespace Platform.Contracts.Bots;

/// <summary>A person started a bot, or unblocked it: the bot may write to them from now on.</summary>
/// <remarks>
/// Consumers: notifications (where a person can be reached), users (counts active people). Telegram lets a bot write only to people who started
/// it. Delivery is at least once and unordered, also against <c>UserRegistered</c>: most people start a bot before they are registered.
/// Upsert by <see cref="Bot"/> and <see cref="TelegramId"/>; a later <see cref="StartedAt"/> ends an earlier block.
/// </remarks>
public sealed record BotStarted
{
    /// <summary>One of <see cref="BotNames"/>.</summary>
    public required string Bot { get; init; }

    /// <summary>Also the id of their private chat with the bot.</summary>
    public required TelegramId TelegramId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
}
