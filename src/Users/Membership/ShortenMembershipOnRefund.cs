using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Billing;
using Platform.Messaging;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

internal sealed class ShortenMembershipOnRefund(UsersDb db, Premium premium) : IEventHandler<PaymentRefunded>
{
    public async Task Handle(PaymentRefunded happened, CancellationToken ct)
    {
        // An erased person has no membership.
        if (happened.Purpose != PaymentPurposes.Membership || await db.LockUser(happened.UserId, ct) is not { } user)
        {
            return;
        }

        // Refunds of one payment arrive in any order; the highest total is the newest.
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into membership_refunds as known (payment_id, user_id, paid, refunded, refunded_at)
            values ({happened.PaymentId.Value}, {user.Id.Value}, {happened.PaidAmount.Roubles}, {happened.RefundedTotal.Roubles}, {happened.RefundedAt.ToUniversalTime()})
            on conflict (payment_id) do update set refunded = excluded.refunded, refunded_at = excluded.refunded_at
            where known.refunded < excluded.refunded
            """, ct);
        var refund = await db.MembershipRefunds.AsNoTracking().SingleAsync(refund => refund.PaymentId == happened.PaymentId, ct);
        await premium.TakeBack(user, happened.PaymentId, refund.Share, ct);
    }
}
