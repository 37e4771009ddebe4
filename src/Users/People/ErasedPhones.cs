using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>Remembers, as a slow digest, that an erased person got start bonuses with a phone: erasing oneself repeatedly earns no more.</summary>
internal static class ErasedPhones
{
    /// <summary>About 50 ms per number on a 2026 machine: one core tries the ten billion numbers of a country in fifteen years.</summary>
    private const int Iterations = 200_000;

    /// <summary>Stores the digest and deletes the number itself, unless another person has proven it too.</summary>
    /// <param name="phone">A number that the erased person had proven. Nothing is remembered about numbers that were only typed.</param>
    public static async Task Record(UsersDb db, string phone, User erased, CancellationToken ct)
    {
        var digest = await ComputeDigest(db, phone, ct);
        await db.Database.ExecuteSqlAsync(
            $"insert into erased_phones (digest, user_id, erased_at) values ({digest}, {erased.Id.Value}, {erased.ErasedAt!.Value}) on conflict do nothing", ct);

        // In a statement of its own: it waits for a concurrent registration with this number, which the next statement then sees.
        await db.Database.ExecuteSqlAsync($"select from seen_phones where phone = {phone} for update", ct);
        await db.Database.ExecuteSqlAsync(
            $"delete from seen_phones where phone = {phone} and not exists (select from users where users.phone = {phone} and phone_verified_at is not null)", ct);
    }

    /// <summary>Attributes the number to the erased person who had it, if any.</summary>
    /// <remarks>Call it after recording the number for the newcomer: a concurrent erasure has finished by then.</remarks>
    public static async Task<bool> ClaimForErased(UsersDb db, string phone, CancellationToken ct) =>
        // Saves the slow digest while no one has been erased.
        await db.Database.SqlQuery<bool>($"select exists (select from erased_phones) as \"Value\"").SingleAsync(ct)
        && await AttributeToErased(db, phone, await ComputeDigest(db, phone, ct), ct);

    private static async Task<bool> AttributeToErased(UsersDb db, string phone, byte[] digest, CancellationToken ct) =>
        await db.Database.ExecuteSqlAsync(
            $"update seen_phones set user_id = erased.user_id from erased_phones erased where erased.digest = {digest} and seen_phones.phone = {phone}", ct) > 0;

    private static async Task<byte[]> ComputeDigest(UsersDb db, string phone, CancellationToken ct)
    {
        var salt = await db.Database.SqlQuery<byte[]>($"select salt as \"Value\" from erased_phones_salt").SingleAsync(ct);
        return Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(phone), salt, Iterations, HashAlgorithmName.SHA256, outputLength: 32);
    }
}
