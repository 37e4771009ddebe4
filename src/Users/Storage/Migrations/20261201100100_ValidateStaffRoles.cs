using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>Checks the rows that were there.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261201100100_ValidateStaffRoles")]
internal sealed class ValidateStaffRoles : SqlMigration
{
    protected override string UpSql => "alter table staff validate constraint ck_staff_staff_role;";

    /// <summary>Nothing: a validated check stays valid.</summary>
    protected override string DownSql => "";

    protected override string VerifySql =>
        "select not exists (select from pg_constraint where conrelid = 'staff'::regclass and not convalidated)";
}
