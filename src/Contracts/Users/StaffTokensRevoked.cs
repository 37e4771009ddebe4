namespace Platform.Contracts.Users;

/// <summary>A member of the staff was removed, or their password changed: every token of theirs from before is refused from now on.</summary>
/// <remarks>Consumers: every service. Delivery is at least once and unordered: what has a lower <see cref="Version"/> is old news.</remarks>
public sealed record StaffTokensRevoked
{
    public required StaffId StaffId { get; init; }

    /// <summary>Tokens carry the version that they were issued for; a lower one is refused.</summary>
    public required long Version { get; init; }
}
