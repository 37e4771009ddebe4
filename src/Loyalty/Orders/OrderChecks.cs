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

    /// <remarks>
    /// Uses today's levels, which only a migration can change. Guests with a refund older than corrections are left out.
    /// </remarks>
    public const string OrdersOfALevelThatIsGone = """
        select o.id as order_id, o.user_id, o.level_before, reached.key as reached,
            coalesce(o.points_due, o.points_earned) as points_due, due.points as expected
        from (
                select id, user_id, paid, roubles_per_point, points_earned, points_due, level_before, coalesce(sum(points_earned - points_taken_back - points_corrected)
                    over (partition by user_id order by id rows between unbounded preceding and 1 preceding), 0) as lifetime_before
                from orders
            ) o
            join levels held on held.key = o.level_before,
            lateral (select key, rank, earn_multiplier from levels where threshold <= o.lifetime_before order by rank desc limit 1) reached,
            lateral (select case
                when reached.rank < held.rank then least(o.points_earned, floor(floor(o.paid / o.roubles_per_point) * reached.earn_multiplier)::bigint)
                else o.points_earned end as points) due
        where coalesce(o.points_due, o.points_earned) <> due.points
            and not exists (select from refunds r where r.user_id = o.user_id and r.points_corrected is null)
        order by o.id
        """;
}
