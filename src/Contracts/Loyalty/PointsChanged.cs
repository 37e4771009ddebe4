namespace Platform.Contracts.Loyalty;

/// <summary>A guest's points changed other than by an order or a refund: an adjustment, a bonus, a reward, an expiry. Published once per entry.</summary>
/// <remarks>
/// Orders and refunds report their points in <see cref="OrderPlaced"/> and <see cref="OrderRefunded"/>. Delivery is at least once and
/// unordered: deduplicate on <see cref="EntryId"/>; the higher <see cref="Version"/> is the newer state of the account.
/// </remarks>
public sealed record PointsChanged
{
    public required PointEntryId EntryId { get; init; }

    public required UserId UserId { get; init; }

    /// <summary>Change of the balance; negative when points were taken.</summary>
    public required Points Delta { get; init; }

    /// <summary>The account's balance right after this entry.</summary>
    public required Points Balance { get; init; }

    /// <summary>
    /// Why, as in the ledger: <c>adjustment</c>, <c>bonus</c>, <c>referral</c>, <c>achievement</c>, <c>reward</c>, <c>reward_return</c> or
    /// <c>expiry</c>.
    /// </summary>
    public required string Reason { get; init; }

    /// <summary>Version of the account, growing with each change.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}
