using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Storage.Migrations;

/// <summary>What every service has: outbox, inbox, idempotency, rate limits, revoked users, audit.</summary>
[DbContext(typeof(NotificationsDb))]
[Migration("20261121100000_CreatePlatformTables")]
internal sealed class CreatePlatformTables : SqlMigration
{
    protected override string UpSql => PlatformTables.Up("notifications");

    protected override string DownSql => PlatformTables.Down("notifications");

    protected override IReadOnlyList<Dropped> Drops => PlatformTables.Drops;

    protected override string VerifySql => PlatformTables.VerifySql;
}
