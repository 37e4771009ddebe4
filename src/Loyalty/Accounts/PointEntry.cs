using Platform.Contracts;

namespace Platform.Loyalty.Accounts;

/// <summary>A row of the points ledger: append-only, and the service's database role cannot change it.</summary>
internal sealed class PointEntry
{
    public required UserId UserId { get; init; }

    public long Id { get; init; }

    /// <summary>Positive when points were credited, negative when they were spent; never zero.</summary>
    public required Points Delta { get; init; }

    public required EntryReason Reason { get; init; }

    /// <summary>What caused it, such as <c>order:5</c>; with the reason unique per account, so nothing is credited twice.</summary>
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
}
