namespace Platform.Loyalty.Referrals;

/// <summary>Invariants of bonuses for <c>verify</c>: each query returns the rows that break one.</summary>
internal static class ReferralChecks
{
    /// <remarks>Someone who was erased before got nothing, so a missing entry is none that differs.</remarks>
    public const string EntriesThatDiffer = """
        select e.user_id, e.id as entry_id, e.source_id, e.delta - e.debt_delta as points, r.bonus
        from point_entries e left join referrals r on e.source_id = 'referral:' || r.user_id and e.user_id in (r.user_id, r.referrer_id)
        where e.reason = 'referral' and (r.user_id is null or r.bonus is distinct from e.delta - e.debt_delta)
        order by e.user_id, e.id
        """;

    public const string StartBonusesThatDiffer = """
        select a.user_id, a.start_bonus, coalesce(sum(e.delta - e.debt_delta), 0) as entries
        from accounts a left join point_entries e on e.user_id = a.user_id and e.reason = 'bonus' and e.source_id = 'start'
        group by a.user_id, a.start_bonus
        having coalesce(a.start_bonus, 0) <> coalesce(sum(e.delta - e.debt_delta), 0)
        order by a.user_id
        """;
}
