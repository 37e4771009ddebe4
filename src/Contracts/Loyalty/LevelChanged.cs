namespace Platform.Contracts.Loyalty;

/// <summary>A guest reached another level. Published once per change, in the transaction that changed it.</summary>
/// <remarks>
/// Consumers: notifications. Delivery is at least once and unordered; <see cref="Version"/> tells which of two changes is newer.
/// A level that a refund took away is told by <see cref="OrderRefunded"/> alone.
/// </remarks>
public sealed record LevelChanged
{
    public required UserId UserId { get; init; }

    /// <summary>Key of the level left, such as <c>standard</c>.</summary>
    public required string From { get; init; }

    /// <summary>Key of the level reached: <c>standard</c>, <c>silver</c>, <c>gold</c>, <c>platinum</c> or one that the business added.</summary>
    public required string To { get; init; }

    /// <summary>Version of the account, growing with each change.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}
