using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Users.Mail;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>A code sent to an e-mail address. Entering it proves access to the mailbox.</summary>
/// <remarks>
/// Valid only with the id of the request that it was sent for, or for the Telegram account or person whose token requested it. So a stranger
/// who requests or guesses codes for someone's mailbox only replaces and uses up their own.
/// </remarks>
internal sealed class EmailCode
{
    /// <summary>Six digits.</summary>
    public const string Pattern = "^[0-9]{6}$";

    /// <summary>Longest request id accepted; real ones have 22 characters.</summary>
    public const int MaxRequestIdLength = 100;

    /// <summary>Wrong tries before a code stops working. A mailbox gets at most thirty codes a day, so a guesser's chance is one in thousands.</summary>
    public const int Tries = 5;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>
    /// There are only a million codes. What protects one from a reader of the database is that trying them all takes one core some hours,
    /// while the code is valid for ten minutes.
    /// </summary>
    private const int Iterations = 50_000;

    private static readonly byte[] SaltOfNone = RandomNumberGenerator.GetBytes(16);

    private static readonly byte[] HashOfNone = RandomNumberGenerator.GetBytes(32);

    /// <summary>SHA-256 of the request id.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>SHA-256 of the address, so that typed addresses are not stored.</summary>
    public required byte[] EmailHash { get; init; }

    /// <summary>SHA-256 of the caller's identity when a token gives it: such callers need no request id. Null for everyone else.</summary>
    public byte[]? AskedBy { get; init; }

    public required byte[] Salt { get; init; }

    /// <summary>PBKDF2 of the code.</summary>
    public required byte[] CodeHash { get; init; }

    /// <summary>Wrong tries so far.</summary>
    public int Tried { get; private init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Creates a code. For a known caller it replaces the previous one, including its count of tries.</summary>
    /// <returns>The stored row, and the code and request id, which are stored only as hashes.</returns>
    public static async Task<(EmailCode Row, string Code, string RequestId)> Create(
        EmailAddress email, Caller? caller, UsersDb db, DateTimeOffset now, CancellationToken ct)
    {
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        var requestId = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var salt = RandomNumberGenerator.GetBytes(16);
        var row = new EmailCode
        {
            RequestHash = ComputeHash(requestId),
            EmailHash = email.Hash,
            AskedBy = HashCaller(caller),
            Salt = salt,
            CodeHash = ComputeHash(code, salt),
            ExpiresAt = now + Lifetime,
        };
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into mailed_codes (request_hash, email_hash, asked_by, salt, code_hash, tried, expires_at)
            values ({row.RequestHash}, {row.EmailHash}, {row.AskedBy}, {row.Salt}, {row.CodeHash}, 0, {row.ExpiresAt})
            on conflict (email_hash, asked_by) do update
            set request_hash = excluded.request_hash, salt = excluded.salt, code_hash = excluded.code_hash, tried = 0, expires_at = excluded.expires_at
            """, ct);
        return (row, code, requestId);
    }

    /// <summary>Deletes a code that was not delivered. A newer one stays.</summary>
    public Task Delete(UsersDb db, CancellationToken ct) => db.Database.ExecuteSqlAsync($"delete from mailed_codes where request_hash = {RequestHash}", ct);

    /// <summary>Uses up a code, or counts a wrong try. The caller must commit in either case.</summary>
    /// <remarks>
    /// Locks the row until the transaction ends, so guessing on many connections still gives five tries. Only the right code is answered with
    /// "expired": otherwise anyone could learn that a code had been requested.
    /// </remarks>
    /// <param name="requestId">Null when the caller's token says who requested the code.</param>
    /// <returns>Null when the code was right, and is now used up; otherwise the refusal.</returns>
    public static async Task<ErrorCode?> Use(
        EmailAddress email, string code, string? requestId, Caller? caller, UsersDb db, DateTimeOffset now, CancellationToken ct)
    {
        var found = requestId is not null ? FindByRequest(email, ComputeHash(requestId), db) : FindByCaller(email, HashCaller(caller) ?? HashOfNone, db);
        var sent = await found.AsNoTracking().ToListAsync(ct) is [var last] && last.Tried < Tries ? last : null;
        // Does the same work when there is no code to compare with, so that timing reveals nothing.
        var right = CryptographicOperations.FixedTimeEquals(ComputeHash(code, sent?.Salt ?? SaltOfNone), sent?.CodeHash ?? HashOfNone);
        var row = sent?.RequestHash ?? HashOfNone;
        await (right
            ? db.Database.ExecuteSqlAsync($"delete from mailed_codes where request_hash = {row}", ct)
            : db.Database.ExecuteSqlAsync($"update mailed_codes set tried = tried + 1 where request_hash = {row}", ct));
        return sent is null || !right ? UsersErrors.CodeWrong
            : sent.ExpiresAt <= now ? UsersErrors.CodeExpired
            : null;
    }

    /// <summary>Deletes the codes of an address that its owner gave up or was erased with.</summary>
    public static Task DeleteAll(EmailAddress email, UsersDb db, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"delete from mailed_codes where email_hash = {email.Hash}", ct);

    private static IQueryable<EmailCode> FindByRequest(EmailAddress email, byte[] requestHash, UsersDb db) => db.EmailCodes.FromSql(
        $"""
        select request_hash, email_hash, asked_by, salt, code_hash, tried, expires_at from mailed_codes
        where email_hash = {email.Hash} and request_hash = {requestHash}
        for update
        """);

    private static IQueryable<EmailCode> FindByCaller(EmailAddress email, byte[] askedBy, UsersDb db) => db.EmailCodes.FromSql(
        $"""
        select request_hash, email_hash, asked_by, salt, code_hash, tried, expires_at from mailed_codes
        where email_hash = {email.Hash} and asked_by = {askedBy}
        for update
        """);

    // Prefers the Telegram id, which does not change with registration.
    private static byte[]? HashCaller(Caller? caller) =>
        caller is null ? null : ComputeHash(caller.TelegramId is { } telegramId ? $"telegram:{telegramId}" : caller.Subject);

    private static byte[] ComputeHash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static byte[] ComputeHash(string code, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(code, salt, Iterations, HashAlgorithmName.SHA256, outputLength: 32);
}
