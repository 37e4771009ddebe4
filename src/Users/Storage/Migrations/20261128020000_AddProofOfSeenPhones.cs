using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>
/// Expand step: when a number was proven. The release before puts numbers down as they are typed, and leaves it null: such a row counts for
/// nothing, and a proof takes it over.
/// </summary>
[DbContext(typeof(UsersDb))]
[Migration("20261128020000_AddProofOfSeenPhones")]
internal sealed class AddProofOfSeenPhones : SqlMigration
{
    protected override string UpSql => "alter table seen_phones add column proven_at timestamptz;";

    protected override string DownSql => "alter table seen_phones drop column proven_at;";

    protected override IReadOnlyList<Dropped> Drops => [Dropped.Fact("seen_phones", "proven_at")];

    protected override string VerifySql => """
        select count(*) = 1
        from information_schema.columns
        where table_schema = current_schema() and table_name = 'seen_phones' and column_name = 'proven_at'
        """;
}
