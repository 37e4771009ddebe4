using Platform.Contracts;

namespace Platform.Billing.Plans;

/// <summary>A person's plan and its current period. Everyone has one from registration on.</summary>
internal sealed class Subscription
{
    public required UserId UserId { get; init; }

    /// <summary>Key of the plan.</summary>
    public required string Plan { get; init; }

    public required DateTimeOffset PeriodStart { get; init; }

    /// <summary>Exclusive: the start of the next period.</summary>
    public required DateTimeOffset PeriodEnd { get; init; }

    /// <summary>Letters used in this period.</summary>
    public int LettersUsed { get; init; }

    /// <summary>
    /// End of the period that contains <paramref name="now"/>, and the letters used in it. If the stored period is over, nothing has been
    /// used in the current one.
    /// </summary>
    /// <param name="months">The plan's period.</param>
    public (DateTimeOffset End, int LettersUsed) PeriodAt(DateTimeOffset now, int months)
    {
        if (now < PeriodEnd)
        {
            return (PeriodEnd, LettersUsed);
        }

        // Always counted from the start, so that 31 January is followed by 28 February and 31 March.
        var periods = 1;
        while (PeriodStart.AddMonths(periods * months) <= now)
        {
            periods++;
        }

        return (PeriodStart.AddMonths(periods * months), 0);
    }
}
