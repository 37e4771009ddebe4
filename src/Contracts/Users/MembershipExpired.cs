namespace Platform.Contracts.Users;

/// <summary>A premium membership ended: it expired, or its payment was refunded. Published once per end.</summary>
/// <remarks>Consumers: notifications. Delivery is at least once and unordered: deduplicate on <see cref="UserId"/> and <see cref="Version"/>.</remarks>
public sealed record MembershipExpired
{
    public required UserId UserId { get; init; }

    public required string MemberId { get; init; }

    /// <summary>UTC instant at which it ended, which may be long before this event was published.</summary>
    public required DateTimeOffset ExpiredAt { get; init; }

    /// <summary>Version of the person's state, growing with each change.</summary>
    public required long Version { get; init; }
}
