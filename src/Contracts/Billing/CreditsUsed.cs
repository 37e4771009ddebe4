namespace Platform.Contracts.Billing;

/// <summary>A person used credits for the first time on a day. Published at most once per person and day.</summary>
/// <remarks>
/// Consumers: users (counts active people). Delivery is at least once and unordered: deduplicate on <see cref="UserId"/> and the day.
/// </remarks>
public sealed record CreditsUsed
{
    public required UserId UserId { get; init; }

    public required DateTimeOffset UsedAt { get; init; }
}
