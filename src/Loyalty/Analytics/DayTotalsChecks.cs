namespace Platform.Loyalty.Analytics;

/// <summary>For <c>verify</c>: returns the days whose totals are wrong.</summary>
internal static class DayTotalsChecks
{
    public const string DaysThatDiffer = """
        with progress as (select time_zone, order_id, refund_id from day_totals_progress where time_zone <> ''),
            summed as (
                select day, shop_id, sum(orders) as orders, sum(paid) as paid, sum(refunded) as refunded, sum(points_earned) as points_earned,
                    sum(points_taken_back) as points_taken_back, sum(points_spent) as points_spent, sum(points_returned) as points_returned
                from (
                    select (o.placed_at at time zone p.time_zone)::date as day, coalesce(o.shop_id, '') as shop_id, 1 as orders, o.paid, 0 as refunded,
                        o.points_earned, 0 as points_taken_back, o.points_spent, 0 as points_returned
                    from progress p join orders o on o.id <= p.order_id
                    union all
                    select (r.refunded_at at time zone p.time_zone)::date, coalesce(o.shop_id, ''), 0, 0, r.amount,
                        0, r.points_taken_back + coalesce(r.points_corrected, 0), 0, r.points_returned
                    from progress p join refunds r on r.id <= p.refund_id join orders o on o.id = r.order_id
                ) part
                group by day, shop_id
            )
        select coalesce(t.day, s.day) as day, coalesce(t.shop_id, s.shop_id) as shop_id, t.orders, s.orders as expected_orders,
            t.paid - t.refunded as revenue, s.paid - s.refunded as expected_revenue
        from day_totals t full join summed s on s.day = t.day and s.shop_id = t.shop_id
        where (t.orders, t.paid, t.refunded, t.points_earned, t.points_taken_back, t.points_spent, t.points_returned)
            is distinct from (s.orders, s.paid, s.refunded, s.points_earned, s.points_taken_back, s.points_spent, s.points_returned)
        order by day, shop_id
        """;
}
