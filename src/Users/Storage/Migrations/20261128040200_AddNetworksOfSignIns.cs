using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>Where a sign-in came from, as a digest: somebody who signed in before is known again in the same network.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261128040200_AddNetworksOfSignIns")]
internal sealed class AddNetworksOfSignIns : SqlMigration
{
    protected override string UpSql => """
        alter table token_families add column network_hash bytea;
        alter table token_families add constraint ck_token_families_network_hash check (length(network_hash) = 32) not valid;
        """;

    protected override string DownSql => "alter table token_families drop column network_hash;";

    protected override IReadOnlyList<Dropped> Drops => [Dropped.Derived("token_families", "network_hash", "people sign in again")];

    protected override string VerifySql => """
        select exists (
            select from information_schema.columns
            where table_schema = current_schema() and table_name = 'token_families' and column_name = 'network_hash')
        """;
}
