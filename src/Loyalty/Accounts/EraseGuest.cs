using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.Loyalty.Storage;
using Platform.Messaging;

namespace Platform.Loyalty.Accounts;

/// <summary>
/// Deletes what names an erased person, what they wrote and what staff wrote about them, ends their live code and takes back the gifts that they
/// did not redeem. Points, amounts and ratings stay under the bare user id, so that the ledger adds up.
/// </summary>
internal sealed class EraseGuest(LoyaltyDb db) : IEventHandler<UserErased>
{
    private const string GiftOfSomeone = "—";

    public async Task Handle(UserErased happened, CancellationToken ct)
    {
        var (userId, at) = (happened.UserId.Value, happened.ErasedAt.ToUniversalTime());
        // The person may be unknown here: if their registration event arrives later, it must not open an account.
        await db.Database.ExecuteSqlAsync($"""
            insert into guest_names as known (user_id, version, erased_at) values ({userId}, {happened.Version}, {at})
            on conflict (user_id) do update
            set full_name = null, member_id = null, phone_last4 = null, birth_date = null,
                version = greatest(known.version, excluded.version), erased_at = coalesce(known.erased_at, excluded.erased_at)
            """, ct);
        // Everything that issues or uses a code of this guest locks the account first.
        await db.Database.ExecuteSqlAsync($"select 1 from accounts where user_id = {userId} for update", ct);
        await db.Database.ExecuteSqlAsync($"update accounts set birth_date = null where user_id = {userId} and birth_date is not null", ct);
        await db.Database.ExecuteSqlAsync(
            $"update gifts set revoked_at = {at} where user_id = {userId} and redeemed_at is null and revoked_at is null", ct);
        // Staff typed them, and may have typed a name.
        await db.Database.ExecuteSqlAsync($"update gifts set title = {GiftOfSomeone}, note = null where user_id = {userId} and issued_by is not null", ct);
        await db.Database.ExecuteSqlAsync(
            $"update adjustments set reason = null where user_id = {userId} and reason is not null", ct);
        await db.Database.ExecuteSqlAsync(
            $"update payment_codes set replaced_at = {at} where user_id = {userId} and used_at is null and replaced_at is null", ct);
        // Ratings stay, without a word of what the person wrote or was told.
        await db.Database.ExecuteSqlAsync(
            $"update replies set text = null from feedback where feedback.id = replies.feedback_id and feedback.user_id = {userId}", ct);
        await db.Database.ExecuteSqlAsync($"update feedback set text = null where user_id = {userId}", ct);
    }
}
