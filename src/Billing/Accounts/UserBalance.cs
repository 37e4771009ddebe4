using Platform.Contracts;

namespace Platform.Billing.Accounts;

/// <summary>
/// A person's credits; one credit is one rouble. Only SQL functions change them, each together with its ledger row, so a balance is
/// always the sum of its rows.
/// </summary>
internal sealed class UserBalance
{
    public required UserId UserId { get; init; }

    /// <summary>Below zero by at most <see cref="Credits.Overdraft.Limit"/>.</summary>
    public Money Balance { get; init; }

    /// <summary>Sum of all deductions.</summary>
    public Money TotalSpent { get; init; }

    /// <summary>A test account starts with more and may be charged for operations that are not on the rate card.</summary>
    public bool IsTestAccount { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the person was erased. The row stays for its amounts, and so that late events do not reopen the account.</summary>
    public DateTimeOffset? ErasedAt { get; init; }
}
