using Platform.Contracts;

namespace Platform.Loyalty.Rewards;

/// <summary>Something in the catalogue that guests buy with points. What they get is a gift.</summary>
internal sealed class Reward
{
    public const int LongestTitle = 100;

    public const int LongestDescription = 500;

    public RewardId Id { get; init; }

    public required string Title { get; set; }

    public string? Description { get; set; }

    /// <summary>The price in points.</summary>
    public required Points Cost { get; set; }

    /// <summary>How many are left to buy; null for no limit.</summary>
    public int? Stock { get; set; }

    /// <summary>How many were bought: as many as there are gifts of this reward.</summary>
    public long Sold { get; init; }

    /// <summary>Whether guests see it and may buy it.</summary>
    public required bool Active { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
