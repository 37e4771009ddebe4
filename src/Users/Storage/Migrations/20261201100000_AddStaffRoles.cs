using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>What a member of the staff may do, and the right to write to all guests. Everyone who works here now becomes a barista.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261201100000_AddStaffRoles")]
internal sealed class AddStaffRoles : SqlMigration
{
    protected override string UpSql => """
        alter table staff
            add column staff_role text not null default 'barista',
            add column broadcast boolean not null default false,
            add constraint ck_staff_staff_role check (staff_role in ('barista', 'manager', 'owner')) not valid;
        """;

    protected override string DownSql => "alter table staff drop column broadcast, drop column staff_role;";

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("staff", "broadcast", where: "broadcast"),
        Dropped.Fact("staff", "staff_role", where: "staff_role <> 'barista'"),
    ];

    protected override string VerifySql => """
        select count(*) = 2
        from information_schema.columns
        where table_schema = current_schema() and table_name = 'staff' and column_name in ('staff_role', 'broadcast') and is_nullable = 'NO'
        """;
}
