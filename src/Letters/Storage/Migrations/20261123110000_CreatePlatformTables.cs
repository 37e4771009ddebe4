using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;
using Platform.ServiceDefaults;

namespace Platform.Letters.Storage.Migrations;

/// <summary>What every service has: outbox, inbox, idempotency keys, rate limits, revoked users, audit.</summary>
[DbContext(typeof(LettersDb))]
[Migration("20261123110000_CreatePlatformTables")]
internal sealed class CreatePlatformTables : SqlMigration
{
    protected override string UpSql => PlatformTables.Up("letters");

    protected override string DownSql => PlatformTables.Down("letters");

    protected override IReadOnlyList<Dropped> Drops => PlatformTables.Drops;

    protected override string VerifySql => PlatformTables.VerifySql;
}
