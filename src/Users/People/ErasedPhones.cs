using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>
/// Remembers of an erased person only that somebody had start bonuses with this phone, so that erasing oneself again and again is no
/// way to earn. What is kept is a slow digest: from a number one gets to it, from it to no number within any useful time.
/// </summary>
internal static class ErasedPhones
{
    /// <summary>Some 50 ms a number on the machine of 2026: ten thousand million numbers of one country take fifteen years.</summary>
    private const int Iterations = 200_000;

    /// <summary>Forgets the number itself, unless another person has proven it too.</summary>
    /// <param name="phone">One that the erased person has proven: of one that was only typed nothing is to be remembered.</param>
    public static async Task Keep(UsersDb db, string phone, User erased, CancellationToken ct)
    {
        var digest = await DigestOf(db, phone, ct);
        await db.Database.ExecuteSqlAsync(
            $"insert into erased_phones (digest, user_id, erased_at) values ({digest}, {erased.Id.Value}, {erased.ErasedAt!.Value}) on conflict do nothing", ct);

        // First in a statement of its own: whoever registers with this number at the moment holds the row, and is seen by the next one.
        await db.Database.ExecuteSqlAsync($"select from seen_phones where phone = {phone} for update", ct);
        await db.Database.ExecuteSqlAsync(
            $"delete from seen_phones where phone = {phone} and not exists (select from users where users.phone = {phone} and phone_verified_at is not null)", ct);
    }

    /// <summary>Whether an erased person had this number, which is put down as his then.</summary>
    /// <remarks>Call it after the number was put down as the newcomer's: whoever erases himself at the moment has finished by then.</remarks>
    public static async Task<bool> Had(UsersDb db, string phone, CancellationToken ct) =>
        // Most installations have erased nobody yet, and most registrations need no digest.
        await db.Database.SqlQuery<bool>($"select exists (select from erased_phones) as \"Value\"").SingleAsync(ct)
        && await PutDownAsErased(db, phone, await DigestOf(db, phone, ct), ct);

    private static async Task<bool> PutDownAsErased(UsersDb db, string phone, byte[] digest, CancellationToken ct) =>
        await db.Database.ExecuteSqlAsync(
            $"update seen_phones set user_id = erased.user_id from erased_phones erased where erased.digest = {digest} and seen_phones.phone = {phone}", ct) > 0;

    private static async Task<byte[]> DigestOf(UsersDb db, string phone, CancellationToken ct)
    {
        var salt = await db.Database.SqlQuery<byte[]>($"select salt as \"Value\" from erased_phones_salt").SingleAsync(ct);
        return Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(phone), salt, Iterations, HashAlgorithmName.SHA256, outputLength: 32);
    }
}
