using Platform.Contracts;

namespace Platform.Loyalty.Accounts;

/// <summary>A guest's points. Only SQL functions change them, each together with its ledger entry.</summary>
internal sealed class Account
{
    public required UserId UserId { get; init; }

    public Points Points { get; init; }

    /// <summary>Points owed because a refund took points that were already spent. Earnings pay it first, so points or debt is zero.</summary>
    public Points Debt { get; init; }

    /// <summary>Points ever earned, minus those taken back by refunds. Decides the level; spending does not lower it.</summary>
    public Points LifetimePoints { get; init; }

    /// <summary>Total paid after points, minus refunds.</summary>
    public Money LifetimeSpend { get; init; }

    public required string Level { get; init; }

    public required DateTimeOffset LevelSince { get; init; }

    /// <summary>Lifetime points with which the level was reached: a threshold that is raised later takes it from nobody.</summary>
    public Points LevelThreshold { get; init; }

    /// <summary>Points expire some months after it.</summary>
    public DateTimeOffset? LastOrderAt { get; init; }

    public DateOnly? BirthDate { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>Grows with each change; consumers order this account's events by it.</summary>
    public long Version { get; init; } = 1;
}
