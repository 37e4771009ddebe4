namespace Platform.Loyalty.Orders;

/// <summary>Invariants of orders for <c>verify</c>: each query returns the rows that break one.</summary>
internal static class OrderChecks
{
    public const string SpendThatDiffers = """
        select a.user_id, a.lifetime_spend, coalesce(sum(o.paid - o.refunded_amount), 0) as orders
        from accounts a left join orders o using (user_id)
        group by a.user_id, a.lifetime_spend
        having a.lifetime_spend <> coalesce(sum(o.paid - o.refunded_amount), 0)
        order by a.user_id
        """;

    /// <remarks>By the levels of the day of each order. Guests with a refund older than corrections are left out.</remarks>
    public const string OrdersOfALevelThatIsGone = """
        select o.id as order_id, o.user_id, o.earn_level, o.lifetime_before, coalesce(o.points_due, o.points_earned) as points_due, due.points as expected
        from (
                select id, user_id, paid, roubles_per_point, points_earned, points_due, earn_level, level_thresholds, level_multipliers,
                    campaign_multiplier, campaign_bonus, coalesce(sum(points_earned - points_taken_back - points_corrected)
                    over (partition by user_id order by id rows between unbounded preceding and 1 preceding), 0) as lifetime_before
                from orders
            ) o,
            lateral (
                select multiplier, nth from unnest(o.level_thresholds, o.level_multipliers) with ordinality as step (threshold, multiplier, nth)
                where threshold <= o.lifetime_before order by nth desc limit 1) reached,
            lateral (select case
                when reached.nth < cardinality(o.level_thresholds) then least(o.points_earned, order_points(
                    o.paid, o.roubles_per_point, reached.multiplier, o.campaign_multiplier, o.campaign_bonus))
                else o.points_earned end as points) due
        where coalesce(o.points_due, o.points_earned) <> due.points
            and not exists (select from refunds r where r.user_id = o.user_id and r.points_corrected is null)
        order by o.id
        """;

    public const string OrdersOfAnotherRule = """
        select id as order_id, user_id, points_earned, rule.points as expected
        from orders, order_points(paid, roubles_per_point, level_multiplier, campaign_multiplier, campaign_bonus) as rule (points)
        where level_multiplier is not null and points_earned <> rule.points
        order by id
        """;
}
