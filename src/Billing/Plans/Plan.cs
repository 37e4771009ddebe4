using Platform.Contracts;

namespace Platform.Billing.Plans;

/// <summary>What can be subscribed to.</summary>
internal sealed class Plan
{
    /// <summary>Everybody's from the start, and what is left when a subscription ends.</summary>
    public const string Free = "free";

    public required string Key { get; init; }

    /// <summary>Position among the plans, from 0.</summary>
    public required int Rank { get; init; }

    /// <summary>Of one period.</summary>
    public required Money Price { get; init; }

    public required int PeriodMonths { get; init; }

    public required int LettersPerPeriod { get; init; }

    /// <summary>How often one letter may be written anew.</summary>
    public required int IterationsPerLetter { get; init; }
}
