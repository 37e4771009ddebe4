using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Loyalty.Storage;
using Platform.Messaging;

namespace Platform.Loyalty.Accounts;

internal sealed class UpsertGuestName(LoyaltyDb db, StartBonus startBonus) : IEventHandler<UserUpdated>
{
    private const int Digits = 4;

    public async Task Handle(UserUpdated happened, CancellationToken ct)
    {
        await Upsert(
            db, happened.UserId, happened.FullName, happened.MemberId, happened.Phone, happened.BirthDate, happened.PhoneVerified,
            happened.PhoneSeenBefore, happened.Version, winsAtSameVersion: true, ct);
        await CopyBirthDate(db, happened.UserId, ct);
        await startBonus.Settle(happened.UserId, ct);
    }

    /// <summary>Events arrive in any order: one that is older than the copy, or about an erased person, changes nothing.</summary>
    /// <remarks>The row is locked until the transaction ends, changed or not.</remarks>
    internal static Task Upsert(
        LoyaltyDb db,
        UserId userId,
        string fullName,
        string? memberId,
        string? phone,
        DateOnly? birthDate,
        bool phoneVerified,
        bool phoneSeenBefore,
        long version,
        bool winsAtSameVersion,
        CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"""
            insert into guest_names as known
                (user_id, full_name, member_id, phone_last4, birth_date, phone_verified, phone_seen_before, version)
            values (
                {userId.Value}, {fullName}, {memberId}, {LastDigits(phone)}, {birthDate}, {phoneVerified}, {phoneSeenBefore}, {version})
            on conflict (user_id) do update
            set full_name = excluded.full_name, member_id = excluded.member_id, phone_last4 = excluded.phone_last4, birth_date = excluded.birth_date,
                phone_verified = excluded.phone_verified, phone_seen_before = excluded.phone_seen_before, version = excluded.version
            where known.erased_at is null and (known.version < excluded.version or (known.version = excluded.version and {winsAtSameVersion}))
            """, ct);

    /// <summary>Orders are priced with what is in the account's row.</summary>
    internal static Task CopyBirthDate(LoyaltyDb db, UserId userId, CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"""
        update accounts set birth_date = guest.birth_date from guest_names guest
        where accounts.user_id = {userId.Value} and guest.user_id = accounts.user_id and accounts.birth_date is distinct from guest.birth_date
        """, ct);

    private static string? LastDigits(string? phone) => phone is { Length: >= Digits } ? phone[^Digits..] : null;
}
