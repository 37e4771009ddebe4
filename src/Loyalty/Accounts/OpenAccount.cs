using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.Loyalty.Referrals;
using Platform.Loyalty.Storage;
using Platform.Messaging;

namespace Platform.Loyalty.Accounts;

/// <summary>Opens a loyalty account at the lowest level for each newly registered person, unless their erasure arrived first.</summary>
internal sealed class OpenAccount(LoyaltyDb db, StartBonus startBonus, ReferralBonus referralBonus, TimeProvider clock) : IEventHandler<UserRegistered>
{
    public async Task Handle(UserRegistered happened, CancellationToken ct)
    {
        // Comes first because it locks the row that an erasure writes to.
        await UpsertGuestName.Upsert(
            db, happened.UserId, happened.FullName, happened.MemberId, happened.Phone, happened.BirthDate, happened.PhoneVerified,
            happened.PhoneSeenBefore, happened.Version, winsAtSameVersion: false, ct);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into accounts (user_id, level, level_since, opened_at)
            select {happened.UserId.Value}, key, {happened.RegisteredAt}, {clock.GetUtcNow()}
            from (select key from levels order by rank limit 1) lowest
            where not exists (select from guest_names where user_id = {happened.UserId.Value} and erased_at is not null)
            on conflict (user_id) do nothing
            """, ct);
        await UpsertGuestName.CopyBirthDate(db, happened.UserId, ct);
        await startBonus.Settle(happened.UserId, ct);
        await referralBonus.SettleThoseInvitedBy(happened.UserId, ct);
    }
}
