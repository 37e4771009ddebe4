using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Loyalty.Storage;
using Platform.Messaging;

namespace Platform.Loyalty.Accounts;

internal sealed class UpsertGuestName(LoyaltyDb db) : IEventHandler<UserUpdated>
{
    public Task Handle(UserUpdated happened, CancellationToken ct) =>
        Upsert(db, happened.UserId, happened.FullName, happened.Version, winsAtSameVersion: true, ct);

    /// <summary>Events arrive in any order: one that is older than the copy, or about an erased person, changes nothing.</summary>
    /// <remarks>The row is locked until the transaction ends, changed or not.</remarks>
    internal static Task Upsert(
        LoyaltyDb db, UserId userId, string fullName, long version, bool winsAtSameVersion, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"""
            insert into guest_names as known (user_id, full_name, version) values ({userId.Value}, {fullName}, {version})
            on conflict (user_id) do update set full_name = excluded.full_name, version = excluded.version
            where known.erased_at is null and (known.version < excluded.version or (known.version = excluded.version and {winsAtSameVersion}))
            """, ct);
}
