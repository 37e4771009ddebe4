namespace Platform.Loyalty.Rewards;

/// <summary>Invariants of rewards for <c>verify</c>: each query returns the rows that break one.</summary>
internal static class RewardChecks
{
    public const string StockThatDiffers = """
        select r.id as reward_id, r.sold, r.stock, count(g.id) as gifts
        from rewards r left join gifts g on g.reward_id = r.id
        group by r.id
        having r.sold <> count(g.id) or r.stock < 0
        order by r.id
        """;

    public const string EntriesThatDiffer = """
        select coalesce(g.user_id, e.user_id) as user_id, g.id as gift_id, g.cost, e.id as entry_id, e.delta
        from (select user_id, id, cost from gifts where reason = 'reward') g
            full join (select user_id, id, source_id, delta, debt_delta from point_entries where reason = 'reward') e
                on e.user_id = g.user_id and e.source_id = 'gift:' || g.id
        where g.id is null or e.id is null or e.delta <> -g.cost or e.debt_delta <> 0
        order by 1, 2
        """;
}
