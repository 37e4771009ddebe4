using Platform.Contracts;

namespace Platform.Loyalty.Accounts;

/// <summary>A row of the points ledger. Append-only: the service's database role cannot change it.</summary>
internal sealed class PointEntry
{
    public required UserId UserId { get; init; }

    public long Id { get; init; }

    /// <summary>Change of the balance: positive for a credit, negative for a debit. Zero only when the whole entry was debt.</summary>
    public required Points Delta { get; init; }

    /// <summary>Change of the debt: negative when earned points paid it off, positive when points taken back had already been spent.</summary>
    public Points DebtDelta { get; init; }

    public required EntryReason Reason { get; init; }

    /// <summary>The cause, such as <c>order:5</c> or <c>refund:2</c>. Unique per account and reason, so nothing is credited twice.</summary>
    public required string SourceId { get; init; }

    public required Points BalanceAfter { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>JSON: the rule that changed the points, with all that explains it; null for entries older than that.</summary>
    public string? Why { get; init; }
}

public enum EntryReason
{
    Earn,

    Spend,

    /// <summary>Spent points that a refund gave back.</summary>
    Return,

    /// <summary>Earned points that a refund took back.</summary>
    TakeBack,

    /// <summary>Points that later orders had earned at a level which a refund took away.</summary>
    Correction,

    /// <summary>Points that nobody used for too long.</summary>
    Expiry,

    /// <summary>Given or taken by hand.</summary>
    Adjustment,

    /// <summary>For a new guest.</summary>
    Bonus,

    /// <summary>For inviting someone, or being invited.</summary>
    Referral,

    Achievement,

    /// <summary>The price of a reward.</summary>
    Reward,

    /// <summary>The price of a reward that was taken back.</summary>
    RewardReturn,
}
