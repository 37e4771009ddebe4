namespace Platform.Contracts.Users;

/// <summary>An admin blocked a person: all their tokens are refused from now on.</summary>
/// <remarks>Consumers: every service. Unordered: between a block and an unblock, the higher <see cref="Version"/> is the newer.</remarks>
public sealed record UserBlocked
{
    public required UserId UserId { get; init; }

    public required DateTimeOffset BlockedAt { get; init; }

    /// <summary>Version of the person's state, growing with each change.</summary>
    public required long Version { get; init; }
}

/// <summary>An admin unblocked a person. Tokens issued before stay refused; new ones work.</summary>
/// <remarks>Consumers: every service. Unordered: see <see cref="UserBlocked"/>.</remarks>
public sealed record UserUnblocked
{
    public required UserId UserId { get; init; }

    public required DateTimeOffset UnblockedAt { get; init; }

    /// <summary>Version of the person's state, growing with each change.</summary>
    public required long Version { get; init; }
}
