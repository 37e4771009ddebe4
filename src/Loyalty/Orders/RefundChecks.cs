namespace Platform.Loyalty.Orders;

/// <summary>What must hold of refunds, as queries that return the rows of which it does not.</summary>
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
        select r.id as refund_id, r.user_id, r.points_returned - r.points_taken_back as change, coalesce(sum(e.delta - e.debt_delta), 0) as entries
        from refunds r left join point_entries e on e.user_id = r.user_id and e.source_id = 'refund:' || r.id
        group by r.id
        having r.points_returned - r.points_taken_back <> coalesce(sum(e.delta - e.debt_delta), 0)
        order by r.id
        """;
}
