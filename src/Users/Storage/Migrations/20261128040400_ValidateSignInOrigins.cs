using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>Reads the rows of before, under a lock that keeps nobody from signing in.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261128040400_ValidateSignInOrigins")]
internal sealed class ValidateSignInOrigins : SqlMigration
{
    protected override string UpSql => """
        alter table staff validate constraint ck_staff_version;
        alter table token_families validate constraint ck_token_families_network_hash;
        alter table credentials validate constraint ck_credentials_settings_version;
        """;

    protected override string DownSql => "";

    protected override string VerifySql => """
        select bool_and(convalidated) from pg_constraint
        where conname in ('ck_staff_version', 'ck_token_families_network_hash', 'ck_credentials_settings_version')
            and connamespace = current_schema()::regnamespace
        """;
}
