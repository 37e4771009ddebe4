using Platform.Contracts;

namespace Platform.Users.Membership;

/// <summary>How much of a payment for membership was given back so far, also of one that has not been heard of yet.</summary>
internal sealed class MembershipRefund
{
    public required PaymentId PaymentId { get; init; }

    public required UserId UserId { get; init; }

    public required Money Paid { get; init; }

    /// <summary>In all.</summary>
    public required Money Refunded { get; init; }

    public required DateTimeOffset RefundedAt { get; init; }

    /// <summary>Of the whole payment, 0 to 1.</summary>
    public decimal Share => Refunded.Roubles / Paid.Roubles;
}
