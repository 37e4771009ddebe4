using Platform.Contracts;

namespace Platform.Loyalty.StampCards;

/// <summary>Every n-th order is free: each order is a stamp, and n − 1 stamps are a gift for the next one.</summary>
internal sealed class StampCard
{
    public const int LongestTitle = 100;

    public StampCardId Id { get; init; }

    public required string Title { get; set; }

    /// <summary>At least 2.</summary>
    public required int N { get; set; }

    /// <summary>What the guest gets.</summary>
    public required string Reward { get; set; }

    /// <summary>Whether orders are stamped.</summary>
    public required bool Active { get; set; }

    /// <summary>Orders of before are not stamped.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What a gift takes.</summary>
    public int StampsForGift => N - 1;
}
