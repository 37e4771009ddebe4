using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>Who was erased before has withdrawn his consent then.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125010500_FillConsentWithdrawal")]
internal sealed class FillConsentWithdrawal : BackfillMigration
{
    protected override Backfill Backfill => new(
        "consent withdrawals", "users", "id",
        "update users set consent_withdrawn_at = erased_at where id > $1 and id <= $2 and erased_at is not null and consent_withdrawn_at is null");

    /// <summary>The moments go with their column.</summary>
    protected override string UndoSql => "";

    // Not that there is nobody without the moment: the release before goes on erasing people, and knows nothing of the column.
    protected override string VerifySql => "select finished from __backfills where name = 'consent withdrawals'";
}
