using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Web;

namespace Platform.Letters.Storage.Migrations;

/// <summary>What every service has: outbox, inbox, idempotency keys, rate limits, revoked users and staff, audit.</summary>
[DbContext(typeof(LettersDb))]
[Migration("20261123110000_CreatePlatformTables")]
internal sealed class CreatePlatformTables : SqlMigration
{
    protected override string UpSql => $"{PlatformTables.Up("letters")}\n{RevokedUsers.StaffSql}";

    protected override string DownSql => $"{RevokedUsers.StaffDropSql}\n{PlatformTables.Down("letters")}";

    protected override IReadOnlyList<Dropped> Drops => [.. PlatformTables.Drops, Dropped.Fact("revoked_staff")];

    protected override string VerifySql => $"select ({PlatformTables.VerifySql}) and ({RevokedUsers.StaffVerifySql})";
}
