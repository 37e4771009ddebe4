using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Billing;
using Platform.Messaging;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

/// <summary>A paid membership is granted even if payments have been switched off since: the money was taken.</summary>
internal sealed partial class ExtendMembershipOnPayment(UsersDb db, Premium premium, ILogger<ExtendMembershipOnPayment> log) : IEventHandler<PaymentSucceeded>
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
            LogUnknownPerson(happened.PaymentId.Value);
            return;
        }

        // The person's lock makes this safe against a second message about the same payment.
        if (await db.MembershipPeriods.AnyAsync(period => period.PaymentId == happened.PaymentId, ct))
        {
            return;
        }

        await premium.Grant(user, MembershipTerm.FromMonths(happened.MembershipMonths.Value), MembershipSource.Payment, happened.PaymentId, ct);
        await db.SaveChangesAsync(ct);

        // The refund may have arrived first.
        if (await db.MembershipRefunds.FindAsync([happened.PaymentId], ct) is { } refund)
        {
            await premium.TakeBack(user, happened.PaymentId, refund.Share, ct);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Payment {PaymentId} is for the membership of a person who is unknown or erased; it is ignored.")]
    private partial void LogUnknownPerson(long paymentId);
}
