using Platform.Contracts;

namespace Platform.Users.Membership;

/// <summary>Total refunded of a membership payment. May arrive before the payment itself.</summary>
internal sealed class MembershipRefund
{
    public required PaymentId PaymentId { get; init; }

    public required UserId UserId { get; init; }

    public required Money Paid { get; init; }

    public required Money Refunded { get; init; }

    public required DateTimeOffset RefundedAt { get; init; }

    /// <summary>Refunded share of the payment, 0 to 1.</summary>
    public decimal Share => Refunded.Roubles / Paid.Roubles;
}
