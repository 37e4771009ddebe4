namespace Platform.Contracts.Users;

/// <summary>A person recovered their account from another Telegram account. The former chat and the mailbox get a message.</summary>
/// <remarks>
/// Consumers: bots (writes to the former chat, then deletes its data), users (mails the person). Once per recovery, with the
/// <see cref="UserTokensRevoked"/> and <see cref="UserUpdated"/> of the same version. Delivery is at least once and unordered. Fields are
/// only ever added, as nullable.
/// </remarks>
public sealed record AccountRecovered
{
    public required UserId UserId { get; init; }

    /// <summary>Belongs to no one from now on; null for a person who had no Telegram before.</summary>
    public TelegramId? FormerTelegramId { get; init; }

    /// <summary>True when proven by phone number, false when proven by a code sent by e-mail.</summary>
    public required bool ByPhone { get; init; }

    public required DateTimeOffset RecoveredAt { get; init; }

    /// <summary>Version of the person's state, growing with each change.</summary>
    public required long Version { get; init; }
}
