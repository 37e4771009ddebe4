namespace Platform.Loyalty.Gifts;

/// <summary>Invariants of gifts for <c>verify</c>: each query returns the rows that break one.</summary>
internal static class GiftChecks
{
    /// <remarks>An order that was refunded in full made the gifts redeemed with it available again.</remarks>
    public const string RedeemedWithOtherOrders = """
        select g.id as gift_id, g.user_id, o.id as order_id, o.user_id as order_of, o.refunded_at
        from gifts g join orders o on o.id = g.order_id
        where g.user_id <> o.user_id or o.refunded_at is not null
        order by g.id
        """;

    public const string RedeemedByNobody = """
        select id as gift_id, user_id, redeemed_at, redeemed_by, revoked_at
        from gifts
        where (redeemed_at is null) <> (redeemed_by is null) or (order_id is not null and redeemed_at is null) or redeemed_at < issued_at
            or (redeemed_at is not null and revoked_at is not null)
        order by id
        """;
}
