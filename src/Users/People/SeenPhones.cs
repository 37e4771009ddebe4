using Microsoft.EntityFrameworkCore;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>The first to prove each phone number: anyone who proves it later gets no start bonus. Numbers that were only typed do not count.</summary>
internal static class SeenPhones
{
    /// <summary>Records a proven number as this person's, unless someone has proven it before.</summary>
    /// <returns>Whether someone else proved it before.</returns>
    /// <remarks>A second prover of the same number waits for the first. An existing row is locked too, against a concurrent erasure.</remarks>
    public static async Task<bool> Record(UsersDb db, User user, DateTimeOffset now, CancellationToken ct)
    {
        if (user.PhoneVerifiedAt is null)
        {
            return await WasProvenByAnother(db, user, ct);
        }

        // An earlier release recorded typed numbers without proof: a proof takes such a number over.
        var first = await db.Database.SqlQuery<long>(
            $"""
            insert into seen_phones as seen (phone, user_id, seen_at, proven_at) values ({user.Phone}, {user.Id.Value}, {now}, {now})
            on conflict (phone) do update set
                user_id = case when seen.proven_at is null then excluded.user_id else seen.user_id end,
                proven_at = coalesce(seen.proven_at, excluded.proven_at)
            returning user_id
            """).ToListAsync(ct);
        return first[0] != user.Id.Value || await ErasedPhones.ClaimForErased(db, user.Phone!, ct);
    }

    /// <returns>Every stored number of theirs: the current one, and earlier ones that they were the first to prove.</returns>
    public static async Task<IReadOnlyList<string>> All(UsersDb db, User user, CancellationToken ct) => await db.Database.SqlQuery<string>(
        $"select phone as \"Value\" from seen_phones where user_id = {user.Id.Value} union select phone from users where id = {user.Id.Value} and phone is not null")
        .ToListAsync(ct);

    /// <returns>Every number that they have proven, except earlier ones that someone else proved first.</returns>
    public static async Task<IReadOnlyList<string>> AllProven(UsersDb db, User user, CancellationToken ct) => await db.Database.SqlQuery<string>(
        $"""
        select phone as "Value" from seen_phones where user_id = {user.Id.Value} and proven_at is not null
        union select phone from users where id = {user.Id.Value} and phone_verified_at is not null
        """).ToListAsync(ct);

    public static Task DeleteUnproven(UsersDb db, User user, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"delete from seen_phones where user_id = {user.Id.Value} and proven_at is null", ct);

    public static async Task<bool> WasProvenByAnother(UsersDb db, User user, CancellationToken ct) =>
        user.Phone is not null
        && await db.Database.SqlQuery<bool>(
            $"select exists (select from seen_phones where phone = {user.Phone} and user_id <> {user.Id.Value} and proven_at is not null) as \"Value\"").SingleAsync(ct);
}
