namespace Platform.Contracts.Loyalty;

/// <summary>A guest received a gift. Published once per gift, in the transaction that issued it.</summary>
/// <remarks>Consumers: notifications. Delivery is at least once and unordered: deduplicate on <see cref="GiftId"/>.</remarks>
public sealed record GiftIssued
{
    public required GiftId GiftId { get; init; }

    public required UserId UserId { get; init; }

    /// <summary>What the guest gets, in the words of the business.</summary>
    public required string Title { get; init; }

    /// <summary><c>birthday</c>, <c>level</c>, <c>manual</c>, <c>campaign</c>, <c>referral</c> or <c>reward</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>Null for a gift without an end.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }
}
