using Platform.Contracts;

namespace Platform.Loyalty.Levels;

/// <summary>A step of the programme, reached by lifetime points; spending points never takes anyone down.</summary>
internal sealed class Level
{
    public required string Key { get; init; }

    /// <summary>Position among the levels, from 0.</summary>
    public required int Rank { get; init; }

    /// <summary>Lifetime points from which on it is held.</summary>
    public required Points Threshold { get; init; }

    /// <summary>What the points of an order are multiplied by before they are rounded down.</summary>
    public required decimal EarnMultiplier { get; init; }
}
