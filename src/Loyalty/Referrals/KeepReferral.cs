using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.Loyalty.Storage;
using Platform.Messaging;

namespace Platform.Loyalty.Referrals;

/// <summary>Keeps who invited a guest, and gives the bonuses if the guest has already ordered.</summary>
internal sealed class KeepReferral(LoyaltyDb db, ReferralBonus bonus) : IEventHandler<UserReferred>
{
    public async Task Handle(UserReferred happened, CancellationToken ct)
    {
        if (happened.UserId == happened.ReferrerId)
        {
            return;
        }

        await db.Database.ExecuteSqlAsync($"""
            insert into referrals (user_id, referrer_id, referred_at)
            values ({happened.UserId.Value}, {happened.ReferrerId.Value}, {happened.ReferredAt.ToUniversalTime()})
            on conflict (user_id) do nothing
            """, ct);
        await bonus.Settle(happened.UserId, ct);
    }
}
