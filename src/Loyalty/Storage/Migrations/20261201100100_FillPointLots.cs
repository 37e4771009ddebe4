using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>
/// Makes a lot of each credit of the ledger. Each debit took from the oldest: laid end to end, credits and debits cover the same stretch, and a
/// debit used the lots that it overlaps.
/// </summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261201100100_FillPointLots")]
internal sealed class FillPointLots : BackfillMigration
{
    protected override Backfill Backfill => new(
        "point lots", "accounts", "user_id",
        """
        with boundary as (
            select user_id, sum(delta) over (partition by user_id order by id) - delta as at, id as lot_entry_id, null::bigint as spend_entry_id
            from point_entries where user_id > $1 and user_id <= $2 and delta > 0
            union all
            select user_id, sum(-delta) over (partition by user_id order by id) + delta, null, id
            from point_entries where user_id > $1 and user_id <= $2 and delta < 0
            union all
            select user_id, sum(-delta), null, null
            from point_entries where user_id > $1 and user_id <= $2 and delta < 0 group by user_id
        ), stretch as (
            select user_id, at,
                lead(at) over (partition by user_id order by at) as until,
                max(lot_entry_id) over (partition by user_id order by at) as lot_entry_id,
                max(spend_entry_id) over (partition by user_id order by at) as spend_entry_id,
                max(at) filter (where lot_entry_id is null and spend_entry_id is null) over (partition by user_id) as spent
            from boundary
        ), used as (
            select user_id, spend_entry_id, lot_entry_id, (until - at)::bigint as points from stretch where until > at and at < spent
        ), uses as (
            insert into point_lot_uses (user_id, spend_entry_id, lot_entry_id, entry_id, points)
            select user_id, spend_entry_id, lot_entry_id, spend_entry_id, points from used
        ), lots as (
            insert into point_lots (user_id, entry_id, points, points_left, earned_at)
            select credit.user_id, credit.id, credit.delta, credit.delta - coalesce(taken.points, 0), credit.created_at
            from point_entries credit
                left join (select user_id, lot_entry_id, sum(points)::bigint as points from used group by user_id, lot_entry_id) taken
                    on taken.user_id = credit.user_id and taken.lot_entry_id = credit.id
            where credit.user_id > $1 and credit.user_id <= $2 and credit.delta > 0
        )
        update accounts set
            last_order_at = (select max(placed_at) from orders where orders.user_id = accounts.user_id),
            level_threshold = (select threshold from levels where key = accounts.level)
        where user_id > $1 and user_id <= $2
        """);

    protected override string UndoSql => "delete from point_lot_uses; delete from point_lots;";

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("point_lot_uses", "filled again from the entries"),
        Dropped.Derived("point_lots", "filled again from the entries"),
    ];

    // Not that every entry has its lot: the previous release goes on adding entries and does not know lots.
    protected override string VerifySql => "select finished from __backfills where name = 'point lots'";
}
