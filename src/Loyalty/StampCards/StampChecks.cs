namespace Platform.Loyalty.StampCards;

/// <summary>Invariants of stamps for <c>verify</c>: each query returns the rows that break one.</summary>
internal static class StampChecks
{
    /// <remarks>The stamps of an order that was refunded just now are removed in a moment.</remarks>
    public const string OrdersThatDiffer = """
        select s.card_id, s.user_id, s.order_id, o.user_id as order_of, o.refunded_at
        from stamps s join orders o on o.id = s.order_id
        where s.user_id <> o.user_id or s.at <> o.placed_at
            or o.refunded_at < (select max(placed_at) from orders) - interval '1 hour'
        order by s.user_id, s.card_id, s.order_id
        """;

    public const string GiftsOfTooFewStamps = """
        select g.stamp_card_id as card_id, g.user_id, sum(g.stamps) as taken,
            (select count(*) from stamps s where s.user_id = g.user_id and s.card_id = g.stamp_card_id) as stamps
        from gifts g
        where g.stamp_card_id is not null and g.revoked_at is null
        group by g.stamp_card_id, g.user_id
        having bool_or(g.redeemed_at is null)
            and sum(g.stamps) > (select count(*) from stamps s where s.user_id = g.user_id and s.card_id = g.stamp_card_id)
        order by g.user_id, g.stamp_card_id
        """;
}
