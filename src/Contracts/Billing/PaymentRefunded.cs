namespace Platform.Contracts.Billing;

/// <summary>A payment was refunded, in whole or in part. Published once per refund, after the provider has confirmed it.</summary>
/// <remarks>
/// Consumers: users (shortens the membership). Delivery is at least once and unordered, also against <see cref="PaymentSucceeded"/>:
/// the highest <see cref="RefundedTotal"/> seen counts.
/// </remarks>
public sealed record PaymentRefunded
{
    public required PaymentId PaymentId { get; init; }

    public required UserId UserId { get; init; }

    /// <summary>What was bought: one of <see cref="PaymentPurposes"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary>Amount of the payment.</summary>
    public required Money PaidAmount { get; init; }

    /// <summary>Total refunded so far, including this refund; never more than <see cref="PaidAmount"/>.</summary>
    public required Money RefundedTotal { get; init; }

    public required DateTimeOffset RefundedAt { get; init; }
}
