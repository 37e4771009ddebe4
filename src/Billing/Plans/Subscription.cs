using Platform.Contracts;

namespace Platform.Billing.Plans;

/// <summary>What a person has of a plan, from his first day on.</summary>
internal sealed class Subscription
{
    public required UserId UserId { get; init; }

    /// <summary>Key of the plan.</summary>
    public required string Plan { get; init; }

    public required DateTimeOffset PeriodStart { get; init; }

    /// <summary>The first instant of the next period.</summary>
    public required DateTimeOffset PeriodEnd { get; init; }

    /// <summary>In this period.</summary>
    public int LettersUsed { get; init; }

    /// <summary>
    /// When the period ends that <paramref name="now"/> lies in, and how many letters were used in it. A period that is over is followed
    /// by the next, in which none were, whether anybody has turned the page yet or not.
    /// </summary>
    /// <param name="months">The plan's period.</param>
    public (DateTimeOffset End, int LettersUsed) PeriodAt(DateTimeOffset now, int months)
    {
        if (now < PeriodEnd)
        {
            return (PeriodEnd, LettersUsed);
        }

        // Counted from the start each time: 31 January, 28 February, 31 March, and not 28 March.
        var periods = 1;
        while (PeriodStart.AddMonths(periods * months) <= now)
        {
            periods++;
        }

        return (PeriodStart.AddMonths(periods * months), 0);
    }
}
