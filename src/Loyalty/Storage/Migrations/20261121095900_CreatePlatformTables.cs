using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;
using Platform.ServiceDefaults;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>What every service has: outbox, inbox, idempotency keys, rate limits, revoked users, audit.</summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261121095900_CreatePlatformTables")]
internal sealed class CreatePlatformTables : SqlMigration
{
    protected override string UpSql => PlatformTables.Up("loyalty");

    protected override string DownSql => PlatformTables.Down("loyalty");

    protected override IReadOnlyList<Dropped> Drops => PlatformTables.Drops;

    protected override string VerifySql => "select to_regclass('outbox') is not null and to_regclass('inbox') is not null";
}
