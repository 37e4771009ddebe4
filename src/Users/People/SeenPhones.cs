using Microsoft.EntityFrameworkCore;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>Who had a phone number first: whoever comes with it later gets no second start bonus.</summary>
internal static class SeenPhones
{
    /// <summary>Puts a number down as his, unless somebody had it before.</summary>
    /// <returns>Whether somebody did.</returns>
    /// <remarks>
    /// Of two people coming with one number at once the second waits here for the first, and is told of him if he commits. The row is locked
    /// also when it was there before: who erases himself at the moment must not forget a number that is just given again.
    /// </remarks>
    public static async Task<bool> Keep(UsersDb db, User user, DateTimeOffset now, CancellationToken ct)
    {
        if (user.Phone is not { } phone)
        {
            return false;
        }

        var first = await db.Database.SqlQuery<long>(
            $"""
            insert into seen_phones (phone, user_id, seen_at) values ({phone}, {user.Id.Value}, {now})
            on conflict (phone) do update set phone = excluded.phone
            returning user_id
            """).ToListAsync(ct);
        return first[0] != user.Id.Value || await ErasedPhones.Had(db, phone, ct);
    }

    /// <returns>Every number that he has or had, but those that another had before him and he has no more.</returns>
    public static async Task<IReadOnlyList<string>> Of(UsersDb db, User user, CancellationToken ct) => await db.Database.SqlQuery<string>(
        $"select phone as \"Value\" from seen_phones where user_id = {user.Id.Value} union select phone from users where id = {user.Id.Value} and phone is not null")
        .ToListAsync(ct);

    /// <returns>Whether somebody had his number before him.</returns>
    public static async Task<bool> HadBefore(UsersDb db, User user, CancellationToken ct) =>
        user.Phone is not null
        && await db.Database.SqlQuery<bool>(
            $"select exists (select from seen_phones where phone = {user.Phone} and user_id <> {user.Id.Value}) as \"Value\"").SingleAsync(ct);
}
