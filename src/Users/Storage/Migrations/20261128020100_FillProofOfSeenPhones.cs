using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>
/// A number that was put down before is the person's who has proven it first; of one that nobody has any more it is not known whether it was
/// proven, so it counts as it did.
/// </summary>
[DbContext(typeof(UsersDb))]
[Migration("20261128020100_FillProofOfSeenPhones")]
internal sealed class FillProofOfSeenPhones : BackfillMigration
{
    protected override Backfill Backfill => new(
        "proofs of seen phones", "seen_phones", "user_id",
        """
        update seen_phones seen
        set user_id = coalesce(proven.id, seen.user_id), proven_at = coalesce(proven.phone_verified_at, seen.seen_at)
        from seen_phones known
        left join users typed on typed.id = known.user_id and typed.phone = known.phone and typed.phone_verified_at is null
        left join lateral (
            select id, phone_verified_at from users
            where users.phone = known.phone and phone_verified_at is not null
            order by users.id <> known.user_id, phone_verified_at, id
            limit 1) proven on true
        where known.user_id > $1 and known.user_id <= $2 and known.proven_at is null and known.phone = seen.phone
            and (proven.id is not null or typed.id is null)
        """);

    /// <summary>The moments go with their column.</summary>
    protected override string UndoSql => "";

    // Not that there is nobody without the moment: the release before goes on putting down what is typed.
    protected override string VerifySql => "select finished from __backfills where name = 'proofs of seen phones'";
}
