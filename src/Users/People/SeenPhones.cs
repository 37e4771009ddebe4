using Microsoft.EntityFrameworkCore;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>
/// Who was the first to prove that a phone number is theirs: whoever proves it later gets no second start bonus. Anybody can type a number
/// that is not theirs, so a number that was only typed counts for nothing.
/// </summary>
internal static class SeenPhones
{
    /// <summary>Puts a proven number down as this person's, unless somebody has proven it before.</summary>
    /// <returns>Whether somebody has.</returns>
    /// <remarks>
    /// Of two people who prove one number at once the second waits here for the first, and is told of them if they commit. The row is locked
    /// also when it was there before: who erases themselves at the moment must not forget a number that is just proven again.
    /// </remarks>
    public static async Task<bool> Keep(UsersDb db, User user, DateTimeOffset now, CancellationToken ct)
    {
        if (user.PhoneVerifiedAt is null)
        {
            return await HadBefore(db, user, ct);
        }

        // A row without a proof is from a release that put down what was typed: a proof takes the number over.
        var first = await db.Database.SqlQuery<long>(
            $"""
            insert into seen_phones as seen (phone, user_id, seen_at, proven_at) values ({user.Phone}, {user.Id.Value}, {now}, {now})
            on conflict (phone) do update set
                user_id = case when seen.proven_at is null then excluded.user_id else seen.user_id end,
                proven_at = coalesce(seen.proven_at, excluded.proven_at)
            returning user_id
            """).ToListAsync(ct);
        return first[0] != user.Id.Value || await ErasedPhones.Had(db, user.Phone!, ct);
    }

    /// <returns>Every number that is kept of them: the one they have, and those that they had and were the first to prove.</returns>
    public static async Task<IReadOnlyList<string>> Of(UsersDb db, User user, CancellationToken ct) => await db.Database.SqlQuery<string>(
        $"select phone as \"Value\" from seen_phones where user_id = {user.Id.Value} union select phone from users where id = {user.Id.Value} and phone is not null")
        .ToListAsync(ct);

    /// <returns>Every number that they have or had and have proven, but those that another has proven before and they have no more.</returns>
    public static async Task<IReadOnlyList<string>> ProvenOf(UsersDb db, User user, CancellationToken ct) => await db.Database.SqlQuery<string>(
        $"""
        select phone as "Value" from seen_phones where user_id = {user.Id.Value} and proven_at is not null
        union select phone from users where id = {user.Id.Value} and phone_verified_at is not null
        """).ToListAsync(ct);

    /// <summary>Forgets the numbers that were only typed.</summary>
    public static Task ForgetUnproven(UsersDb db, User user, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"delete from seen_phones where user_id = {user.Id.Value} and proven_at is null", ct);

    /// <returns>Whether somebody has proven their number before them.</returns>
    public static async Task<bool> HadBefore(UsersDb db, User user, CancellationToken ct) =>
        user.Phone is not null
        && await db.Database.SqlQuery<bool>(
            $"select exists (select from seen_phones where phone = {user.Phone} and user_id <> {user.Id.Value} and proven_at is not null) as \"Value\"").SingleAsync(ct);
}
