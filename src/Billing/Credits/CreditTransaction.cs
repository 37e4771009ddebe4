using System.Text.Json;
using Platform.Contracts;

namespace Platform.Billing.Credits;

/// <summary>
/// A row of the credit ledger: a transfer between a person and a contra account of the business. Append-only: the service's database
/// role cannot change it.
/// </summary>
internal sealed class CreditTransaction
{
    public required UserId UserId { get; init; }

    /// <summary>Unique. Within one person's ledger, ids are in chronological order.</summary>
    public required TransactionId Id { get; init; }

    public required TransactionKind Kind { get; init; }

    /// <summary>Change of the balance: negative for a debit, never zero.</summary>
    public required Money Change { get; init; }

    /// <summary>Absolute value of <see cref="Change"/>.</summary>
    public required Money Amount { get; init; }

    public required ContraAccount Contra { get; init; }

    /// <summary>The operation charged for, or the reason for a grant.</summary>
    public required string Operation { get; init; }

    /// <summary>The caller's own JSON object, such as model and tokens.</summary>
    public JsonElement? Metadata { get; init; }

    public required Money BalanceAfter { get; init; }

    /// <summary>The cause if it was not a call, such as <c>start_credits</c>. Unique per person, so nothing is granted twice.</summary>
    public string? SourceId { get; init; }

    /// <summary>The caller's <c>Idempotency-Key</c>, unique per person. Never expires.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 of the request sent with the key.</summary>
    public byte[]? RequestHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

public enum TransactionKind
{
    Debit,

    Grant,
}

/// <summary>The other side of each transfer.</summary>
internal enum ContraAccount
{
    /// <summary>Charges for operations.</summary>
    Usage,

    /// <summary>Credits given away by the business.</summary>
    Promotions,
}
