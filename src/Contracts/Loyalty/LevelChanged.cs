namespace Platform.Contracts.Loyalty;

/// <summary>A guest reached another level. Published once per change, in the transaction that changed it.</summary>
/// <remarks>
/// Consumers: notifications, loyalty itself (gifts of levels). Delivery is at least once and unordered; the higher <see cref="Version"/> is the newer change.
/// A level lost through a refund is reported by <see cref="OrderRefunded"/> only.
/// </remarks>
public sealed record LevelChanged
{
    public required UserId UserId { get; init; }

    /// <summary>Key of the previous level, such as <c>standard</c>.</summary>
    public required string From { get; init; }

    /// <summary>Key of the new level: <c>standard</c>, <c>silver</c>, <c>gold</c>, <c>platinum</c> or one added by the business.</summary>
    public required string To { get; init; }

    /// <summary>Version of the account, growing with each change.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}
