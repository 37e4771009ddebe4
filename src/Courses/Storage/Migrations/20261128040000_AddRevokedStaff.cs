using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses.Storage.Migrations;

/// <summary>The members of the staff whose tokens are refused before they expire.</summary>
[DbContext(typeof(CoursesDb))]
[Migration("20261128040000_AddRevokedStaff")]
internal sealed class AddRevokedStaff : SqlMigration
{
    protected override string UpSql => RevokedUsers.StaffSql;

    protected override string DownSql => RevokedUsers.StaffDropSql;

    protected override IReadOnlyList<Dropped> Drops => [Dropped.Fact("revoked_staff")];

    protected override string VerifySql => RevokedUsers.StaffVerifySql;
}
