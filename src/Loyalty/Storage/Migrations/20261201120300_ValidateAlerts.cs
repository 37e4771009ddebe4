using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>Checks the alerts that were there.</summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261201120300_ValidateAlerts")]
internal sealed class ValidateAlerts : SqlMigration
{
    protected override string UpSql => "alter table alerts validate constraint ck_alerts_seen;";

    /// <summary>Nothing: a validated check stays valid.</summary>
    protected override string DownSql => "";

    protected override string VerifySql =>
        "select not exists (select from pg_constraint where conrelid = 'alerts'::regclass and not convalidated)";
}
