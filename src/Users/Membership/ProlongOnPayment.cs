using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Billing;
using Platform.Messaging;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

/// <summary>Whoever has paid for membership gets it, whatever the switch for payments says by then: his money was taken.</summary>
internal sealed partial class ProlongOnPayment(UsersDb db, Premium premium, ILogger<ProlongOnPayment> log) : IHandle<PaymentSucceeded>
{
    public async Task Handle(PaymentSucceeded happened, CancellationToken ct)
    {
        if (happened.Purpose != PaymentPurposes.Membership)
        {
            return;
        }

        if (happened.MembershipMonths is not (>= 1 and <= 120))
        {
            throw new InvalidOperationException($"Payment {happened.PaymentId} does not buy 1 to 120 months of membership.");
        }

        if (await db.LockUser(happened.UserId, ct) is not { } user)
        {
            LogNobody(happened.PaymentId.Value);
            return;
        }

        // The lock of the person decides between two messages of one payment.
        if (await db.MembershipPeriods.AnyAsync(period => period.PaymentId == happened.PaymentId, ct))
        {
            return;
        }

        await premium.Give(user, MembershipTerm.OfMonths(happened.MembershipMonths.Value), MembershipSource.Payment, happened.PaymentId, ct);
        await db.SaveChangesAsync(ct);

        // Given back before it was heard of.
        if (await db.MembershipRefunds.FindAsync([happened.PaymentId], ct) is { } refund)
        {
            await premium.TakeBack(user, happened.PaymentId, refund.Share, ct);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Payment {PaymentId} buys membership for a person who is not here, or not any more.")]
    private partial void LogNobody(long paymentId);
}
