namespace Platform.Contracts.Users;

/// <summary>A person's data was erased at their request: no service may keep anything that identifies them.</summary>
/// <remarks>
/// Consumers: every service that holds personal data. Each blanks what identifies the person and keeps what must add up, such as amounts
/// and points. Unordered: remember that <see cref="UserId"/> is erased, so that an event arriving later restores nothing.
/// </remarks>
public sealed record UserErased
{
    public required UserId UserId { get; init; }

    /// <summary>The id that bots know them by; null for a person without Telegram.</summary>
    public TelegramId? TelegramId { get; init; }

    public required DateTimeOffset ErasedAt { get; init; }

    /// <summary>Version of the person's state. No higher one follows.</summary>
    public required long Version { get; init; }
}
