namespace Platform.Contracts.Users;

/// <summary>A person had himself erased: nothing that names him may be left anywhere.</summary>
/// <remarks>
/// Consumers: every service that holds personal data. Each blanks what names him and keeps what must add up: amounts and points,
/// without a name. Unordered: an event of his that comes later brings nothing back, so remember that <see cref="UserId"/> is erased.
/// </remarks>
public sealed record UserErased
{
    public required UserId UserId { get; init; }

    /// <summary>By which the bots know him; null for a person without Telegram.</summary>
    public TelegramId? TelegramId { get; init; }

    public required DateTimeOffset ErasedAt { get; init; }

    /// <summary>Version of the person's state, growing with each change: there is none after this one.</summary>
    public required long Version { get; init; }
}
