using Platform.Contracts;

namespace Platform.Loyalty.Accounts;

/// <summary>A row of the points ledger: append-only, and the service's database role cannot change it.</summary>
internal sealed class PointEntry
{
    public required UserId UserId { get; init; }

    public long Id { get; init; }

    /// <summary>Change of the balance: positive when points were credited, negative when they went. Zero only when all of it was debt.</summary>
    public required Points Delta { get; init; }

    /// <summary>Change of what the guest owes: negative for earned points that paid it, positive for points taken back that were not there.</summary>
    public Points DebtDelta { get; init; }

    public required EntryReason Reason { get; init; }

    /// <summary>What caused it, such as <c>order:5</c> or <c>refund:2</c>; with the reason unique per account, so nothing is credited twice.</summary>
    public required string SourceId { get; init; }

    public required Points BalanceAfter { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal enum EntryReason
{
    /// <summary>Points earned by an order.</summary>
    Earn,

    /// <summary>Points that paid a part of an order.</summary>
    Spend,

    /// <summary>Points that had paid a part of an order, back with its refund.</summary>
    Return,

    /// <summary>Points that an order had earned, gone with its refund.</summary>
    TakeBack,

    /// <summary>Points that later orders had earned by a level which a refund took away.</summary>
    Correction,
}
