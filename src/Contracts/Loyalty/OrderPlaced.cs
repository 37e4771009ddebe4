namespace Platform.Contracts.Loyalty;

/// <summary>An order was placed at the counter with a guest's code. Published once per order, in the order's transaction.</summary>
/// <remarks>
/// Consumers: notifications, users (activity and spending), loyalty itself (stamps, referrals). Delivery is at least once and unordered: deduplicate on
/// <see cref="OrderId"/>.
/// </remarks>
public sealed record OrderPlaced
{
    public required OrderId OrderId { get; init; }

    public required UserId UserId { get; init; }

    /// <summary>Price of the order before points.</summary>
    public required Money Amount { get; init; }

    /// <summary>What was left to pay after points.</summary>
    public required Money Paid { get; init; }

    /// <summary>Points credited for what was paid; may be zero.</summary>
    public required Points PointsEarned { get; init; }

    /// <summary>The part of the earned points that paid off the guest's debt from a refund, and so is not in the balance; null for none.</summary>
    public Points? DebtPaid { get; init; }

    /// <summary>Points that paid for part of the order; may be zero.</summary>
    public required Points PointsSpent { get; init; }

    /// <summary>The account's balance right after this order.</summary>
    public required Points Balance { get; init; }

    public string? ShopId { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }
}
