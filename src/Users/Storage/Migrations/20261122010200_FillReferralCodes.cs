using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

[DbContext(typeof(UsersDb))]
[Migration("20261122010200_FillReferralCodes")]
internal sealed class FillReferralCodes : BackfillMigration
{
    // A code drawn twice fails its batch; the next run draws that batch anew.
    protected override Backfill Backfill => new(
        "referral codes", "users", "id",
        "update users set referral_code = draw_referral_code() where id > $1 and id <= $2 and referral_code is null");

    /// <summary>The codes go with their column.</summary>
    protected override string UndoSql => "";

    protected override string VerifySql => "select not exists (select from users where referral_code is null)";
}
