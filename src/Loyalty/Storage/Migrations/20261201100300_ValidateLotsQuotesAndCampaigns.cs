using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>Checks existing rows without blocking writes.</summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261201100300_ValidateLotsQuotesAndCampaigns")]
internal sealed class ValidateLotsQuotesAndCampaigns : SqlMigration
{
    protected override string UpSql => """
        alter table point_entries validate constraint ck_point_entries_reason;
        alter table orders validate constraint ck_orders_levels;
        alter table orders validate constraint ck_orders_campaign;
        """;

    /// <summary>Nothing: a valid constraint is no weaker than one that is not.</summary>
    protected override string DownSql => "";

    protected override string VerifySql => """
        select count(*) = 3 from pg_constraint
        where connamespace = current_schema()::regnamespace and convalidated and conparentid = 0
            and conname in ('ck_point_entries_reason', 'ck_orders_levels', 'ck_orders_campaign')
            and conrelid in ('point_entries'::regclass, 'orders'::regclass)
        """;
}
