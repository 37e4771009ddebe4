namespace Platform.Contracts.Users;

/// <summary>A person got their account back from another Telegram account. Whoever has the former one hears of it, and so does the mailbox.</summary>
/// <remarks>
/// Consumers: bots (tells the former chat and forgets it), users (mails the person). Once per recovery, with the <see cref="UserTokensRevoked"/>
/// and <see cref="UserUpdated"/> of the same version. Delivery is at least once and unordered. Fields are only ever added, as nullable.
/// </remarks>
public sealed record AccountRecovered
{
    public required UserId UserId { get; init; }

    /// <summary>Nobody's from now on; null for a person who had no Telegram before.</summary>
    public TelegramId? FormerTelegramId { get; init; }

    /// <summary>Whether a phone number was the proof; the code of a mail otherwise.</summary>
    public required bool ByPhone { get; init; }

    public required DateTimeOffset RecoveredAt { get; init; }

    /// <summary>Version of the person's state, growing with each change.</summary>
    public required long Version { get; init; }
}
