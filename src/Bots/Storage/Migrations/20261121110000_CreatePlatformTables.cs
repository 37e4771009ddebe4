using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;
using Platform.ServiceDefaults;

namespace Platform.Bots.Storage.Migrations;

/// <summary>What every service has: outbox, inbox, idempotency keys, rate limits, revoked users, audit.</summary>
[DbContext(typeof(BotsDb))]
[Migration("20261121110000_CreatePlatformTables")]
internal sealed class CreatePlatformTables : SqlMigration
{
    protected override string UpSql => PlatformTables.Up("bots");

    protected override string DownSql => PlatformTables.Down("bots");

    protected override IReadOnlyList<Dropped> Drops => PlatformTables.Drops;

    protected override string VerifySql => PlatformTables.VerifySql;
}
