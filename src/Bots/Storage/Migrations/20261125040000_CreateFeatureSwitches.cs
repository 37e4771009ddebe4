using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;
using Platform.ServiceDefaults.Features;

namespace Platform.Bots.Storage.Migrations;

/// <summary>Which features are on: what is off is hidden from people.</summary>
[DbContext(typeof(BotsDb))]
[Migration("20261125040000_CreateFeatureSwitches")]
internal sealed class CreateFeatureSwitches : SqlMigration
{
    protected override string UpSql => FeatureSwitches.Sql;

    protected override string DownSql => FeatureSwitches.DropSql;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("feature_switches", "users publishes them again on resync"),
    ];

    protected override string VerifySql => "select to_regclass('feature_switches') is not null";
}
