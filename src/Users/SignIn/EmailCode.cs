using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Users.Mail;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>The last code that was sent to an address. Whoever has it has the mailbox.</summary>
internal sealed class EmailCode
{
    /// <summary>What a code looks like: six digits.</summary>
    public const string Pattern = "^[0-9]{6}$";

    /// <summary>Wrong tries that a code survives; with the five codes an hour of a mailbox, one guess in forty thousand.</summary>
    public const int Tries = 5;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A million codes are few: what keeps a reader of the database from the right one is the time that it takes, some hours of
    /// one core, and that a code is good for ten minutes.
    /// </summary>
    private const int Iterations = 50_000;

    private static readonly byte[] SaltOfNone = RandomNumberGenerator.GetBytes(16);

    private static readonly byte[] HashOfNone = RandomNumberGenerator.GetBytes(32);

    /// <summary>SHA-256 of the address: what people type into the field is not kept.</summary>
    public required byte[] EmailHash { get; init; }

    public required byte[] Salt { get; init; }

    /// <summary>PBKDF2 of the code.</summary>
    public required byte[] CodeHash { get; init; }

    /// <summary>Wrong tries so far.</summary>
    public int Tried { get; private set; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Draws a code, which ends the one before, whatever was tried of that.</summary>
    /// <returns>The row as it was written, and the code, which nobody can ever read again.</returns>
    public static async Task<(EmailCode Row, string Code)> Draw(EmailAddress email, UsersDb db, DateTimeOffset now, CancellationToken ct)
    {
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        var salt = RandomNumberGenerator.GetBytes(16);
        var row = new EmailCode { EmailHash = email.Hash, Salt = salt, CodeHash = HashOf(code, salt), ExpiresAt = now + Lifetime };
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into email_codes (email_hash, salt, code_hash, tried, expires_at) values ({row.EmailHash}, {row.Salt}, {row.CodeHash}, 0, {row.ExpiresAt})
            on conflict (email_hash) do update
            set salt = excluded.salt, code_hash = excluded.code_hash, tried = 0, expires_at = excluded.expires_at
            """, ct);
        return (row, code);
    }

    /// <summary>Takes back a code that nobody got. One that was drawn after it stays.</summary>
    public Task Void(UsersDb db, CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"delete from email_codes where email_hash = {EmailHash} and code_hash = {CodeHash}", ct);

    /// <summary>Uses a code up, or counts a wrong one. Both are to be committed, whatever comes of it.</summary>
    /// <remarks>
    /// The row is locked until the transaction ends, so whoever guesses on many connections at once waits in turn, and has five
    /// guesses like anybody. That a code has expired is told to him alone who knows it: everybody else would learn that somebody
    /// asked for one.
    /// </remarks>
    /// <returns>Null when it is right, and works no more; else why it is not.</returns>
    public static async Task<ErrorCode?> Use(EmailAddress email, string code, UsersDb db, DateTimeOffset now, CancellationToken ct)
    {
        var found = await db.Rows<EmailCode>($"where email_hash = {email.Hash} for update").ToListAsync(ct);
        var sent = found is [var last] && last.Tried < Tries ? last : null;
        // Also when there is none to compare with: the time taken must not tell whether somebody asked for one.
        var right = CryptographicOperations.FixedTimeEquals(HashOf(code, sent?.Salt ?? SaltOfNone), sent?.CodeHash ?? HashOfNone);
        if (sent is null)
        {
            return UsersErrors.CodeWrong;
        }

        if (right)
        {
            db.Remove(sent);
        }
        else
        {
            sent.Tried++;
        }

        await db.SaveChangesAsync(ct);
        return !right ? UsersErrors.CodeWrong
            : sent.ExpiresAt <= now ? UsersErrors.CodeExpired
            : null;
    }

    /// <summary>Forgets the code of an address whose owner was erased.</summary>
    public static Task Forget(EmailAddress email, UsersDb db, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"delete from email_codes where email_hash = {email.Hash}", ct);

    private static byte[] HashOf(string code, byte[] salt) => Rfc2898DeriveBytes.Pbkdf2(code, salt, Iterations, HashAlgorithmName.SHA256, outputLength: 32);
}
