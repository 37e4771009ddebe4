using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Loyalty.Storage;
using Platform.Messaging;

namespace Platform.Loyalty.Accounts;

/// <summary>Keeps the copy of a person's name in step.</summary>
internal sealed class KeepName(LoyaltyDb db) : IHandle<UserUpdated>
{
    public Task Handle(UserUpdated happened, CancellationToken ct) =>
        Keep(db, happened.UserId, happened.FullName, happened.Version, countsAtSameVersion: true, ct);

    /// <summary>Events come in any order: what is older than the copy, or of a person who was erased, leaves it as it is.</summary>
    /// <remarks>Whether it changes or not, the row is locked until the transaction ends.</remarks>
    internal static Task Keep(LoyaltyDb db, UserId userId, string fullName, long version, bool countsAtSameVersion, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"""
            insert into guest_names as known (user_id, full_name, version) values ({userId.Value}, {fullName}, {version})
            on conflict (user_id) do update set full_name = excluded.full_name, version = excluded.version
            where known.erased_at is null and (known.version < excluded.version or (known.version = excluded.version and {countsAtSameVersion}))
            """, ct);
}
