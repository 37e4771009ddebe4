using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;
using Platform.ServiceDefaults;

namespace Platform.Courses.Storage.Migrations;

/// <summary>What every service has: outbox, inbox, idempotency keys, rate limits, revoked users, audit.</summary>
[DbContext(typeof(CoursesDb))]
[Migration("20261122120000_CreatePlatformTables")]
internal sealed class CreatePlatformTables : SqlMigration
{
    protected override string UpSql => PlatformTables.Up("courses");

    protected override string DownSql => PlatformTables.Down("courses");

    protected override IReadOnlyList<Dropped> Drops => PlatformTables.Drops;

    protected override string VerifySql => PlatformTables.VerifySql;
}
