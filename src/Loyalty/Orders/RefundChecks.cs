namespace Platform.Loyalty.Orders;

/// <summary>Invariants of refunds for <c>verify</c>: each query returns the rows that break one.</summary>
internal static class RefundChecks
{
    public const string OrdersThatDiffer = """
        select o.id as order_id, o.refunded_amount, coalesce(sum(r.amount), 0) as refunds
        from orders o left join refunds r on r.order_id = o.id
        where o.refunded_amount > 0 or o.refunded_at is not null or r.id is not null
        group by o.id
        having (o.refunded_amount, o.points_taken_back, o.points_returned)
            <> (coalesce(sum(r.amount), 0), coalesce(sum(r.points_taken_back), 0), coalesce(sum(r.points_returned), 0))
        order by o.id
        """;

    public const string EntriesThatDiffer = """
        select r.id as refund_id, r.user_id, r.points_returned - r.points_taken_back - coalesce(r.points_corrected, 0) as change,
            coalesce(sum(e.delta - e.debt_delta), 0) as entries
        from refunds r left join point_entries e on e.user_id = r.user_id and e.source_id = 'refund:' || r.id
        group by r.id
        having r.points_returned - r.points_taken_back - coalesce(r.points_corrected, 0) <> coalesce(sum(e.delta - e.debt_delta), 0)
        order by r.id
        """;

    /// <remarks>Also checks that an order kept the same share of its points as of its money.</remarks>
    public const string CorrectionsThatDiffer = """
        select a.user_id, coalesce(o.corrected, 0) as orders, coalesce(r.corrected, 0) as refunds, coalesce(o.wrong, 0) as orders_that_keep_others
        from accounts a
            left join (
                select user_id, sum(points_corrected) as corrected, count(*) filter (where points_earned - points_taken_back - points_corrected <> case
                    when refunded_at is not null or paid = 0 then 0
                    else coalesce(points_due, points_earned) - div(coalesce(points_due, points_earned) * refunded_amount, paid) end) as wrong
                from orders group by user_id
            ) o using (user_id)
            left join (select user_id, sum(points_corrected) as corrected from refunds group by user_id) r using (user_id)
        where coalesce(o.corrected, 0) <> coalesce(r.corrected, 0) or o.wrong > 0
        order by a.user_id
        """;
}
