using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>Checks the rows that were there, while people are registered.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125010600_ValidateConsentWithdrawal")]
internal sealed class ValidateConsentWithdrawal : SqlMigration
{
    protected override string UpSql => """
        alter table users validate constraint ck_users_consent_withdrawn_through;
        alter table users validate constraint ck_users_consent_withdrawn;
        """;

    /// <summary>Nothing: a validated check stays valid.</summary>
    protected override string DownSql => "";

    protected override string VerifySql => """
        select not exists (select from pg_constraint where conrelid = 'users'::regclass and not convalidated)
        """;
}
