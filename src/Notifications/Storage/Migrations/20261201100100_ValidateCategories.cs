using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Notifications.Storage.Migrations;

/// <summary>Checks the categories of the notifications that were there, while others are added.</summary>
[DbContext(typeof(NotificationsDb))]
[Migration("20261201100100_ValidateCategories")]
internal sealed class ValidateCategories : SqlMigration
{
    protected override string UpSql => "alter table notifications validate constraint ck_notifications_category;";

    /// <summary>Nothing: a validated check stays valid.</summary>
    protected override string DownSql => "";

    protected override string VerifySql => """
        select not exists (select from pg_constraint where conrelid = 'notifications'::regclass and not convalidated)
        """;
}
