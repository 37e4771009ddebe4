using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>Orders of a member of the staff and of a shop are listed newest first.</summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261201100600_IndexOrders")]
internal sealed class IndexOrders : ConcurrentIndexMigration
{
    protected override IReadOnlyList<ConcurrentIndex> Indexes =>
    [
        new("ix_orders_staff_id", "on orders (staff_id, placed_at desc, id desc)"),
        new("ix_orders_shop_id", "on orders (shop_id, placed_at desc, id desc)"),
    ];
}
