using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.Loyalty.Storage;
using Platform.Messaging;

namespace Platform.Loyalty.Accounts;

/// <summary>
/// Deletes an erased person's name and what staff wrote about them, and ends their live code. Points and amounts stay under the bare user id,
/// so that the ledger adds up.
/// </summary>
internal sealed class EraseGuest(LoyaltyDb db) : IEventHandler<UserErased>
{
    public async Task Handle(UserErased happened, CancellationToken ct)
    {
        var (userId, at) = (happened.UserId.Value, happened.ErasedAt.ToUniversalTime());
        // The person may be unknown here: if their registration event arrives later, it must not open an account.
        await db.Database.ExecuteSqlAsync($"""
            insert into guest_names as known (user_id, version, erased_at) values ({userId}, {happened.Version}, {at})
            on conflict (user_id) do update
            set full_name = null, version = greatest(known.version, excluded.version), erased_at = coalesce(known.erased_at, excluded.erased_at)
            """, ct);
        // Everything that issues or uses a code of this guest locks the account first.
        await db.Database.ExecuteSqlAsync($"select 1 from accounts where user_id = {userId} for update", ct);
        await db.Database.ExecuteSqlAsync(
            $"update adjustments set reason = null where user_id = {userId} and reason is not null", ct);
        await db.Database.ExecuteSqlAsync(
            $"update payment_codes set replaced_at = {at} where user_id = {userId} and used_at is null and replaced_at is null", ct);
    }
}
