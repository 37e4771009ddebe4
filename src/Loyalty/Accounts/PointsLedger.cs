namespace Platform.Loyalty.Accounts;

/// <summary>Invariants of the ledger for <c>verify</c>: each query returns the rows that break one.</summary>
internal static class PointsLedger
{
    public const string SumsThatDiffer = """
        select a.user_id, a.points, coalesce(sum(e.delta), 0) as entries
        from accounts a left join point_entries e using (user_id)
        group by a.user_id, a.points
        having a.points <> coalesce(sum(e.delta), 0)
        order by a.user_id
        """;

    public const string DebtsThatDiffer = """
        select a.user_id, a.debt, coalesce(sum(e.debt_delta), 0) as entries
        from accounts a left join point_entries e using (user_id)
        group by a.user_id, a.debt
        having a.debt <> coalesce(sum(e.debt_delta), 0)
        order by a.user_id
        """;

    /// <remarks>Spending and returning points change the balance, not the lifetime points.</remarks>
    public const string LifetimePointsThatDiffer = """
        select a.user_id, a.lifetime_points, coalesce(sum(e.delta - e.debt_delta), 0) as entries
        from accounts a left join point_entries e on e.user_id = a.user_id and e.reason in ('earn', 'take_back', 'correction')
        group by a.user_id, a.lifetime_points
        having a.lifetime_points <> coalesce(sum(e.delta - e.debt_delta), 0)
        order by a.user_id
        """;

    /// <remarks>A level is kept as long as the points with which it was reached are, even if its threshold was raised since.</remarks>
    public const string LevelsThatDiffer = """
        select a.user_id, a.level, a.level_threshold, a.lifetime_points, reached.key as reached
        from accounts a, lateral (
            select key from levels
            where threshold <= a.lifetime_points or (key = a.level and a.level_threshold between 1 and a.lifetime_points)
            order by rank desc limit 1) reached
        where a.level <> reached.key
        order by a.user_id
        """;

    public const string LotsThatDiffer = """
        select a.user_id, a.points, coalesce(sum(l.points_left), 0) as left_of_lots
        from accounts a left join point_lots l using (user_id)
        group by a.user_id, a.points
        having a.points <> coalesce(sum(l.points_left), 0)
        order by a.user_id
        """;

    public const string LotsWithOtherUses = """
        select l.user_id, l.entry_id, l.points, l.points_left, coalesce(u.points, 0) as used
        from point_lots l left join (
            select user_id, lot_entry_id as entry_id, sum(points) as points from point_lot_uses group by user_id, lot_entry_id) u using (user_id, entry_id)
        where l.points_left <> l.points - coalesce(u.points, 0)
        order by l.user_id, l.entry_id
        """;

    public const string EntriesWithoutLots = """
        select e.user_id, e.id, e.delta, coalesce(l.points, 0) as lot, coalesce(u.points, 0) as used
        from point_entries e
            left join point_lots l on l.user_id = e.user_id and l.entry_id = e.id
            left join (select user_id, entry_id, sum(points) as points from point_lot_uses group by user_id, entry_id) u
                on u.user_id = e.user_id and u.entry_id = e.id
        where e.delta <> coalesce(l.points, 0) - coalesce(u.points, 0)
        order by e.user_id, e.id
        """;

    public const string BrokenChains = """
        select user_id, id, balance_after, before + delta as expected
        from (
            select user_id, id, delta, balance_after, coalesce(lag(balance_after) over (partition by user_id order by id), 0) as before
            from point_entries
        ) chain
        where balance_after <> before + delta
        order by user_id, id
        """;
}
