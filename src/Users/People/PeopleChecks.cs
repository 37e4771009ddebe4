namespace Platform.Users.People;

/// <summary>Invariants of people, as queries that return the rows that break them.</summary>
internal static class PeopleChecks
{
    public const string ProvenPhonesNotRecorded = """
        select u.id as user_id
        from users u
        where u.phone_verified_at is not null and not exists (select from seen_phones s where s.phone = u.phone and s.proven_at is not null)
        order by u.id
        """;

    public const string BlockedWithAccess = """
        select u.id as user_id, coalesce(r.blocked, false) as access_tokens_refused, count(f.id) as live_sign_ins
        from users u
            left join revoked_users r on r.user_id = u.id
            left join token_families f on (f.telegram_id = u.telegram_id or f.email = lower(u.email)) and f.revoked_at is null and f.created_at <= u.blocked_at
        where u.blocked_at is not null
        group by u.id, r.blocked
        having r.blocked is not true or count(f.id) > 0
        order by u.id
        """;
}
