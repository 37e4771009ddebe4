namespace Platform.Contracts.Billing;

/// <summary>A payment was given back, in whole or in part. Published once per refund, after the provider has confirmed it.</summary>
/// <remarks>
/// Consumers: users (a membership is shortened). Delivery is at least once and unordered, also against <see cref="PaymentSucceeded"/>:
/// what counts is the highest <see cref="RefundedTotal"/> heard of.
/// </remarks>
public sealed record PaymentRefunded
{
    public required PaymentId PaymentId { get; init; }

    public required UserId UserId { get; init; }

    /// <summary>What had been bought: one of <see cref="PaymentPurposes"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary>What had been paid.</summary>
    public required Money PaidAmount { get; init; }

    /// <summary>All that was given back of this payment so far, this refund included; never more than <see cref="PaidAmount"/>.</summary>
    public required Money RefundedTotal { get; init; }

    public required DateTimeOffset RefundedAt { get; init; }
}
