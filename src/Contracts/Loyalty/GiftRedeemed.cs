namespace Platform.Contracts.Loyalty;

/// <summary>A guest's gift was redeemed at the counter. Published once per redemption: a refund may make the gift available again.</summary>
/// <remarks>Consumers: notifications. Delivery is at least once and unordered: deduplicate on <see cref="GiftId"/> and <see cref="RedeemedAt"/>.</remarks>
public sealed record GiftRedeemed
{
    public required GiftId GiftId { get; init; }

    public required UserId UserId { get; init; }

    public required string Title { get; init; }

    public required DateTimeOffset RedeemedAt { get; init; }
}
