using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>Levels could not be edited so far, so each order earned by today's.</summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261201100200_FillLevelsOfOrders")]
internal sealed class FillLevelsOfOrders : BackfillMigration
{
    protected override Backfill Backfill => new(
        "levels of orders", "orders", "id",
        """
        update orders set
            earn_level = held.key,
            level_multiplier = held.earn_multiplier,
            level_thresholds = case when steps.levels > 1 then steps.thresholds end,
            level_multipliers = case when steps.levels > 1 then steps.multipliers end
        from levels held, lateral (
            select count(*) as levels, array_agg(threshold order by rank) as thresholds, array_agg(earn_multiplier order by rank) as multipliers
            from levels step where step.rank <= held.rank) steps
        where held.key = orders.level_before and orders.id > $1 and orders.id <= $2 and orders.level_multiplier is null
        """);

    /// <summary>Nothing: the columns are dropped with their values.</summary>
    protected override string UndoSql => "";

    protected override string VerifySql => "select finished from __backfills where name = 'levels of orders'";
}
