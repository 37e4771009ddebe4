using System.Text.Json;
using Platform.Contracts;

namespace Platform.Billing.Credits;

/// <summary>
/// A row of the credit ledger: a transfer between a person and a contra account of the business. Append-only, and the service's
/// database role cannot change it.
/// </summary>
internal sealed class CreditTransaction
{
    public required UserId UserId { get; init; }

    /// <summary>Unique and, for one person, in the order of what happened.</summary>
    public required TransactionId Id { get; init; }

    public required TransactionKind Kind { get; init; }

    /// <summary>What it did to the balance: negative for a debit; never zero.</summary>
    public required Money Change { get; init; }

    /// <summary>The same without its sign.</summary>
    public required Money Amount { get; init; }

    public required ContraAccount Contra { get; init; }

    /// <summary>What was charged for, or why credits were given.</summary>
    public required string Operation { get; init; }

    /// <summary>What the caller wants remembered with it, such as model and tokens: an object.</summary>
    public JsonElement? Metadata { get; init; }

    public required Money BalanceAfter { get; init; }

    /// <summary>What caused it when no caller did, such as <c>start_credits</c>; unique per person, so nothing is given twice.</summary>
    public string? SourceId { get; init; }

    /// <summary>The caller's <c>Idempotency-Key</c>, unique per person; lives as long as the row.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 of the request that came with the key.</summary>
    public byte[]? RequestHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

public enum TransactionKind
{
    /// <summary>Credits that paid for an operation.</summary>
    Debit,

    /// <summary>Credits that the business gave.</summary>
    Grant,
}

/// <summary>Where a person's credits go, and where they come from.</summary>
internal enum ContraAccount
{
    /// <summary>What was charged for operations.</summary>
    Usage,

    /// <summary>What the business gives away.</summary>
    Promotions,
}
