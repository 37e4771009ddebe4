using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>People who were erased withdrew their consent at that moment.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125010500_FillConsentWithdrawal")]
internal sealed class FillConsentWithdrawal : BackfillMigration
{
    protected override Backfill Backfill => new(
        "consent withdrawals", "users", "id",
        "update users set consent_withdrawn_at = erased_at where id > $1 and id <= $2 and erased_at is not null and consent_withdrawn_at is null");

    /// <summary>Nothing: the column is dropped with its values.</summary>
    protected override string UndoSql => "";

    // Not that every row is filled: the previous release goes on erasing people and does not know the column.
    protected override string VerifySql => "select finished from __backfills where name = 'consent withdrawals'";
}
