namespace Platform.Contracts.Loyalty;

/// <summary>Points of a guest will expire soon unless they order again. Published once for each day on which points would expire.</summary>
/// <remarks>Consumers: notifications. Delivery is at least once and unordered: deduplicate on <see cref="UserId"/> and <see cref="ExpiresOn"/>.</remarks>
public sealed record PointsExpiring
{
    public required UserId UserId { get; init; }

    /// <summary>All points that expire up to <see cref="ExpiresOn"/>, of every lot in the warning period.</summary>
    public required Points Points { get; init; }

    /// <summary>The first day, in the business's time zone, on which points expire.</summary>
    public required DateOnly ExpiresOn { get; init; }

    public required DateTimeOffset WarnedAt { get; init; }
}
