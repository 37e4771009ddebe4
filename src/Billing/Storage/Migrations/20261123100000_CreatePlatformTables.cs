using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;
using Platform.ServiceDefaults;

namespace Platform.Billing.Storage.Migrations;

/// <summary>What every service has: outbox, inbox, idempotency keys, rate limits, revoked users, audit.</summary>
[DbContext(typeof(BillingDb))]
[Migration("20261123100000_CreatePlatformTables")]
internal sealed class CreatePlatformTables : SqlMigration
{
    protected override string UpSql => PlatformTables.Up("billing");

    protected override string DownSql => PlatformTables.Down("billing");

    protected override IReadOnlyList<Dropped> Drops => PlatformTables.Drops;

    protected override string VerifySql => PlatformTables.VerifySql;
}
