using Platform.Contracts;

namespace Platform.Loyalty.Levels;

/// <summary>A level of the programme, reached by lifetime points. Spending points never lowers it.</summary>
internal sealed class Level
{
    public required string Key { get; init; }

    /// <summary>What guests read; null to show the key.</summary>
    public string? Name { get; set; }

    /// <summary>Position among the levels, from 0.</summary>
    public required int Rank { get; set; }

    /// <summary>Lifetime points needed to reach it.</summary>
    public required Points Threshold { get; set; }

    /// <summary>Factor for the points of an order, before they are rounded down.</summary>
    public required decimal EarnMultiplier { get; set; }

    /// <summary>What guests get when they reach it; null for nothing.</summary>
    public string? Gift { get; set; }
}
