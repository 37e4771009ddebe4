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

    /// <remarks>A level may be higher than today's thresholds say, as long as the guest has the points with which they reached it.</remarks>
    public const string LevelsThatDiffer = """
        select a.user_id, a.level, a.level_threshold, a.lifetime_points, reached.key as reached
        from accounts a join levels held on held.key = a.level,
            lateral (select key, rank from levels where threshold <= a.lifetime_points order by rank desc limit 1) reached
        where held.rank < reached.rank or (held.rank > reached.rank and a.lifetime_points < a.level_threshold)
        order by a.user_id
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
