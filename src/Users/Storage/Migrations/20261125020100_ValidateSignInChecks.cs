using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>Reads all sign-ins, under a lock that keeps nobody from signing in.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125020100_ValidateSignInChecks")]
internal sealed class ValidateSignInChecks : SqlMigration
{
    protected override string UpSql => """
        alter table token_families validate constraint ck_token_families_email;
        alter table token_families validate constraint ck_token_families_one_way_in;
        alter table token_families validate constraint ck_token_families_revoked_because;
        """;

    protected override string DownSql => "";

    protected override string VerifySql => "select bool_and(convalidated) from pg_constraint where conrelid = 'token_families'::regclass and contype = 'c'";
}
