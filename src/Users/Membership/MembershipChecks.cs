namespace Platform.Users.Membership;

/// <summary>Invariants of memberships, as queries that return the rows that break them.</summary>
internal static class MembershipChecks
{
    public const string Malformed = """
        select id as user_id, membership_type, member_id
        from users
        where membership_type not in ('free', 'premium') or (member_id is not null and length(member_id) <> 12)
        order by id
        """;

    public const string EndsThatDiffer = """
        select u.id as user_id, u.membership_expires, max(p.valid_until) as last_period_ends
        from users u left join membership_periods p on p.user_id = u.id
        where u.erased_at is null
        group by u.id
        having u.membership_expires is distinct from max(p.valid_until)
        order by u.id
        """;

    public const string NumbersNotIssued = """
        select u.id as user_id, u.member_id
        from users u
        where u.member_id is not null
            and not exists (select from member_ids given where given.member_id = u.member_id and given.user_id = u.id)
        order by u.id
        """;
}
