namespace Platform.Contracts.Users;

/// <summary>
/// A person got their account back from another Telegram account, or gave up an e-mail address that they could sign in by: every token
/// from before is refused from now on, a new one works.
/// </summary>
/// <remarks>Consumers: every service. Unordered: see <see cref="UserBlocked"/>, with which it shares the version.</remarks>
public sealed record UserTokensRevoked
{
    public required UserId UserId { get; init; }

    /// <summary>A token that was issued before is refused, to the millisecond.</summary>
    public required DateTimeOffset RevokedAt { get; init; }

    /// <summary>Version of the person's state, growing with each change.</summary>
    public required long Version { get; init; }

    /// <summary>The Telegram account that is nobody's any more: what is kept under it is to be forgotten. Null when it stays the same.</summary>
    public TelegramId? FormerTelegramId { get; init; }
}
