using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>Orders and refunds summed by day and shop, so that the analytics of years need not read each of them.</summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261201120200_AddDayTotals")]
internal sealed class AddDayTotals : SqlMigration
{
    protected override string UpSql => """
        -- An empty shop is an order without one. An order counts on the day it was placed, a refund on the day it was made.
        create table day_totals (
            day date not null,
            shop_id varchar(64) not null,
            orders bigint not null,
            paid numeric(16, 2) not null,
            refunded numeric(16, 2) not null,
            points_earned bigint not null,
            points_taken_back bigint not null,
            points_spent bigint not null,
            points_returned bigint not null,
            primary key (day, shop_id)
        );

        -- One row. Orders and refunds up to these ids are in the totals. The next ids follow when every transaction that ran when they were
        -- read, next_xid the last of them, has ended: then no lower id can appear.
        create table day_totals_progress (
            id boolean primary key default true constraint ck_day_totals_progress_one_row check (id),
            time_zone text not null default '',
            order_id bigint not null default 0,
            refund_id bigint not null default 0,
            next_order_id bigint not null default 0,
            next_refund_id bigint not null default 0,
            next_xid xid8
        );
        insert into day_totals_progress default values;
        """;

    protected override string DownSql => "drop table day_totals_progress, day_totals;";

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("day_totals", "orders and refunds are summed again"),
        Dropped.Derived("day_totals_progress", "orders and refunds are summed again"),
    ];

    protected override string VerifySql => "select count(*) = 1 from day_totals_progress";
}
