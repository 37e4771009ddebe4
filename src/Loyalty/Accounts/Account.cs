using Platform.Contracts;

namespace Platform.Loyalty.Accounts;

/// <summary>A guest's points. They move only in SQL functions, each of which writes the ledger entry in the same statement.</summary>
internal sealed class Account
{
    public required UserId UserId { get; init; }

    public Points Points { get; init; }

    /// <summary>Points that a refund should have taken and that were spent already. Earnings pay them first, so one of the two is zero.</summary>
    public Points Debt { get; init; }

    /// <summary>All points ever earned and not taken back by a refund: what the level depends on, untouched by spending.</summary>
    public Points LifetimePoints { get; init; }

    /// <summary>All that was ever paid, after points, and not refunded.</summary>
    public Money LifetimeSpend { get; init; }

    public required string Level { get; init; }

    public required DateTimeOffset LevelSince { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>Grows with each change; orders the events that tell of it.</summary>
    public long Version { get; init; } = 1;
}
