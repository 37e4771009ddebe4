using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>Reads orders, refunds and the whole ledger, under locks that keep nobody from writing to them.</summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261128030400_ValidateCorrections")]
internal sealed class ValidateCorrections : SqlMigration
{
    protected override string UpSql => """
        alter table orders validate constraint ck_orders_points_due;
        alter table orders validate constraint ck_orders_points_corrected;
        alter table orders validate constraint ck_orders_refunded_whole;
        alter table refunds validate constraint ck_refunds_points_corrected;
        alter table point_entries validate constraint ck_point_entries_reason;
        """;

    protected override string DownSql => "";

    protected override string VerifySql => """
        select bool_and(convalidated) from pg_constraint
        where conrelid in ('orders'::regclass, 'refunds'::regclass, 'point_entries'::regclass) and contype = 'c'
        """;
}
