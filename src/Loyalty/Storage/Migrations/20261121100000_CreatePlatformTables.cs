using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.ServiceDefaults.Database;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>What every service has: outbox, inbox, idempotency keys, rate limits, revoked users and staff, audit.</summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261121100000_CreatePlatformTables")]
internal sealed class CreatePlatformTables : SqlMigration
{
    protected override string UpSql => $"""
        {PlatformTables.Up("loyalty")}
        {RevokedUsers.StaffSql}
        """;

    protected override string DownSql => $"""
        {RevokedUsers.StaffDropSql}
        {PlatformTables.Down("loyalty")}
        """;

    protected override IReadOnlyList<Dropped> Drops => [Dropped.Fact("revoked_staff"), .. PlatformTables.Drops];

    protected override string VerifySql => $"select ({PlatformTables.VerifySql}) and ({RevokedUsers.StaffVerifySql})";
}
