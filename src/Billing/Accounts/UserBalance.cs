using Platform.Contracts;

namespace Platform.Billing.Accounts;

/// <summary>
/// A person's credits; one credit is one rouble. They move only in SQL functions, each of which writes the row of the ledger in the
/// same statement, so a balance is always the sum of its rows.
/// </summary>
internal sealed class UserBalance
{
    public required UserId UserId { get; init; }

    /// <summary>Never further below zero than <see cref="Credits.Overdraft.Limit"/>.</summary>
    public Money Balance { get; init; }

    /// <summary>All that was ever deducted.</summary>
    public Money TotalSpent { get; init; }

    /// <summary>A test account starts with more and may be charged for operations that are not on the rate card.</summary>
    public bool IsTestAccount { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the person had himself erased. The row stays for its amounts, and so that no event brings him back.</summary>
    public DateTimeOffset? ErasedAt { get; init; }
}
