namespace Platform.Contracts.Users;

/// <summary>
/// A person recovered their account from another Telegram account, or gave up an e-mail address that they could sign in by: tokens
/// issued before are refused from now on.
/// </summary>
/// <remarks>Consumers: every service. Unordered: see <see cref="UserBlocked"/>, with which it shares the version.</remarks>
public sealed record UserTokensRevoked
{
    public required UserId UserId { get; init; }

    /// <summary>Tokens issued before this instant are refused, to the millisecond.</summary>
    public required DateTimeOffset RevokedAt { get; init; }

    /// <summary>Version of the person's state, growing with each change.</summary>
    public required long Version { get; init; }

    /// <summary>The Telegram account that no longer belongs to anyone: delete what is stored under it. Null when the account did not change.</summary>
    public TelegramId? FormerTelegramId { get; init; }
}
