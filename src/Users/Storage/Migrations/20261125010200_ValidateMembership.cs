using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>Checks the rows that were there. Separate from adding the checks, which locks the table: here people are registered meanwhile.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125010200_ValidateMembership")]
internal sealed class ValidateMembership : SqlMigration
{
    protected override string UpSql => """
        alter table users validate constraint ck_users_membership_type;
        alter table users validate constraint ck_users_member_id;
        alter table users validate constraint ck_users_premium_is_a_member_for_a_time;
        alter table users validate constraint ck_users_qr_code_path;
        alter table users validate constraint ck_users_erased_is_no_member;
        """;

    /// <summary>Nothing: a validated check stays valid.</summary>
    protected override string DownSql => "";

    // The queries that the owner of the old system ran after the migration.
    protected override string VerifySql => """
        select not exists (select from pg_constraint where conrelid = 'users'::regclass and not convalidated)
            and not exists (select from users where membership_type is null or membership_type not in ('free', 'premium'))
            and not exists (select from users where member_id is not null and length(member_id) <> 12)
        """;
}
