using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Web;

namespace Platform.Bots.Storage.Migrations;

/// <summary>What every service has: outbox, inbox, idempotency keys, rate limits, revoked users and staff, audit.</summary>
[DbContext(typeof(BotsDb))]
[Migration("20261121110000_CreatePlatformTables")]
internal sealed class CreatePlatformTables : SqlMigration
{
    protected override string UpSql => $"{PlatformTables.Up("bots")}\n{RevokedUsers.StaffSql}";

    protected override string DownSql => $"{RevokedUsers.StaffDropSql}\n{PlatformTables.Down("bots")}";

    protected override IReadOnlyList<Dropped> Drops => [.. PlatformTables.Drops, Dropped.Fact("revoked_staff")];

    protected override string VerifySql => $"select ({PlatformTables.VerifySql}) and ({RevokedUsers.StaffVerifySql})";
}
