using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.ServiceDefaults.Database;
using Platform.ServiceDefaults.Web;

namespace Platform.Notifications.Storage.Migrations;

/// <summary>What every service has: outbox, inbox, idempotency keys, rate limits, revoked users and staff, audit.</summary>
[DbContext(typeof(NotificationsDb))]
[Migration("20261121100000_CreatePlatformTables")]
internal sealed class CreatePlatformTables : SqlMigration
{
    protected override string UpSql => $"""
        {PlatformTables.Up("notifications")}
        {RevokedUsers.StaffSql}
        """;

    protected override string DownSql => $"""
        {RevokedUsers.StaffDropSql}
        {PlatformTables.Down("notifications")}
        """;

    protected override IReadOnlyList<Dropped> Drops => [Dropped.Fact("revoked_staff"), .. PlatformTables.Drops];

    protected override string VerifySql => $"select ({PlatformTables.VerifySql}) and ({RevokedUsers.StaffVerifySql})";
}
