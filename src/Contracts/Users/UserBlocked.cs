namespace Platform.Contracts.Users;

/// <summary>An admin blocked a person: every token of his is refused from now on.</summary>
/// <remarks>Consumers: every service. Unordered: <see cref="Version"/> tells which of a block and its lifting is newer.</remarks>
public sealed record UserBlocked
{
    public required UserId UserId { get; init; }

    public required DateTimeOffset BlockedAt { get; init; }

    /// <summary>Version of the person's state, growing with each change.</summary>
    public required long Version { get; init; }
}

/// <summary>An admin lifted the block of a person. His tokens of before stay refused; a new one works.</summary>
/// <remarks>Consumers: every service. Unordered: see <see cref="UserBlocked"/>.</remarks>
public sealed record UserUnblocked
{
    public required UserId UserId { get; init; }

    public required DateTimeOffset UnblockedAt { get; init; }

    /// <summary>Version of the person's state, growing with each change.</summary>
    public required long Version { get; init; }
}
