using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;
using Platform.ServiceDefaults.Web;

namespace Platform.Users.Storage.Migrations;

/// <summary>The members of the staff whose tokens are refused before they expire, and the version by which such a token is known.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261128040000_AddRevokedStaff")]
internal sealed class AddRevokedStaff : SqlMigration
{
    protected override string UpSql => $"""
        {RevokedUsers.StaffSql}
        alter table staff add column version bigint not null default 1;
        alter table staff add constraint ck_staff_version check (version > 0) not valid;
        """;

    protected override string DownSql => $"""
        alter table staff drop column version;
        {RevokedUsers.StaffDropSql}
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("staff", "version", "tokens that carry it live for minutes"),
        Dropped.Fact("revoked_staff"),
    ];

    protected override string VerifySql => $"""
        select ({RevokedUsers.StaffVerifySql}) and exists (
            select from information_schema.columns where table_schema = current_schema() and table_name = 'staff' and column_name = 'version')
        """;
}
