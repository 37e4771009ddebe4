using Platform.Contracts;

namespace Platform.Billing.Plans;

internal sealed class Plan
{
    /// <summary>The plan of every new person, and of everyone whose subscription has ended.</summary>
    public const string Free = "free";

    public required string Key { get; init; }

    /// <summary>Position among the plans, from 0.</summary>
    public required int Rank { get; init; }

    /// <summary>Roubles for one period.</summary>
    public required Money Price { get; init; }

    public required int PeriodMonths { get; init; }

    public required int LettersPerPeriod { get; init; }

    /// <summary>How often a letter may be rewritten.</summary>
    public required int IterationsPerLetter { get; init; }
}
