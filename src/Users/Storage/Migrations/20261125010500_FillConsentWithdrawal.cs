using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.ServiceDefaults.Database;

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

    // But of people whom the release before erases meanwhile: it knows nothing of the column.
    protected override string VerifySql => """
        select not exists (select from users where erased_at < statement_timestamp() - interval '1 minute' and consent_withdrawn_at is null)
        """;
}
