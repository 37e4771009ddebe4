using Platform.Contracts;

namespace Platform.Billing.Plans;

internal sealed class Plan
{
    /// <summary>The plan of every new person, and of everyone whose subscription has ended.</summary>
    public const string Free = "free";

    /// <summary>What each plan costs and allows. <c>migrate</c> writes it to the table (<see cref="UpsertPlans"/>).</summary>
    public static IReadOnlyList<Plan> All { get; } =
    [
        new() { Key = Free, Rank = 0, Price = Money.Zero, PeriodMonths = 1, LettersPerPeriod = 3, IterationsPerLetter = 2 },
        new() { Key = "basic", Rank = 1, Price = new(299), PeriodMonths = 1, LettersPerPeriod = 20, IterationsPerLetter = 5 },
        new() { Key = "pro", Rank = 2, Price = new(990), PeriodMonths = 1, LettersPerPeriod = 100, IterationsPerLetter = 10 },
    ];

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
