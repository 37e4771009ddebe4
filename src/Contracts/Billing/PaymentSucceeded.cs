namespace Platform.Contracts.Billing;

/// <summary>The provider confirmed a payment. Published once per payment, after it is recorded.</summary>
/// <remarks>
/// Consumers: users (extends the membership). Delivery is at least once and unordered, also against <see cref="PaymentRefunded"/>:
/// deduplicate on <see cref="PaymentId"/>. Fields are only ever added, as nullable.
/// </remarks>
public sealed record PaymentSucceeded
{
    public required PaymentId PaymentId { get; init; }

    public required UserId UserId { get; init; }

    /// <summary>What was bought: one of <see cref="PaymentPurposes"/>.</summary>
    public required string Purpose { get; init; }

    public required Money Amount { get; init; }

    /// <summary>For <see cref="PaymentPurposes.Membership"/>: calendar months of premium bought, 1 to 120.</summary>
    public int? MembershipMonths { get; init; }

    public required DateTimeOffset PaidAt { get; init; }
}
