namespace Platform.Contracts.Users;

/// <summary>A member of the staff was removed, or their rights or password changed: tokens issued before are refused from now on.</summary>
/// <remarks>Consumers: every service. Delivery is at least once and unordered: ignore a lower <see cref="Version"/>.</remarks>
public sealed record StaffTokensRevoked
{
    public required StaffId StaffId { get; init; }

    /// <summary>Tokens carry the version they were issued for; a lower one is refused.</summary>
    public required long Version { get; init; }
}
