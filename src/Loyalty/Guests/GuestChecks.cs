namespace Platform.Loyalty.Guests;

/// <summary>Invariants of the copies of Users' data for <c>verify</c>.</summary>
internal static class GuestChecks
{
    public const string CopiesThatDiffer = """
        select g.user_id, g.erased_at, a.birth_date is distinct from g.birth_date as birth_date_differs
        from guest_names g left join accounts a using (user_id)
        where (a.user_id is not null and a.birth_date is distinct from g.birth_date)
            or (g.erased_at is not null and (g.full_name is not null or g.member_id is not null or g.phone_last4 is not null or g.birth_date is not null))
        order by g.user_id
        """;
}
