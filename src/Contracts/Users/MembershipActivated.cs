namespace Platform.Contracts.Users;

/// <summary>A person's premium membership started or was extended. Published once per period given.</summary>
/// <remarks>Consumers: notifications. Delivery is at least once and unordered: deduplicate on <see cref="UserId"/> and <see cref="Version"/>.</remarks>
public sealed record MembershipActivated
{
    public required UserId UserId { get; init; }

    public required string MemberId { get; init; }

    /// <summary>Whether an existing premium membership was extended.</summary>
    public required bool Prolonged { get; init; }

    /// <summary>UTC instant at which premium now ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset ActivatedAt { get; init; }

    /// <summary>Version of the person's state, growing with each change.</summary>
    public required long Version { get; init; }
}
