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

/// <summary>A code that was sent to an address. Whoever asked for it and has it reads that mailbox.</summary>
/// <remarks>
/// It is good only together with the id of the request that it was sent for, or for the Telegram account or person whose token asked for
/// it. So a stranger who asks for codes to somebody's mailbox, or guesses at them, ends and uses up none but their own.
/// </remarks>
internal sealed class EmailCode
{
    /// <summary>What a code looks like: six digits.</summary>
    public const string Pattern = "^[0-9]{6}$";

    /// <summary>Longest id of a request that is looked at; those that are given out have 22 characters.</summary>
    public const int MaxRequestIdLength = 100;

    /// <summary>Wrong tries that a code survives. A mailbox gets at most thirty codes a day, so that is one guess in thousands.</summary>
    public const int Tries = 5;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A million codes are few: what keeps a reader of the database from the right one is the time that it takes, some hours of
    /// one core, and that a code is good for ten minutes.
    /// </summary>
    private const int Iterations = 50_000;

    private static readonly byte[] SaltOfNone = RandomNumberGenerator.GetBytes(16);

    private static readonly byte[] HashOfNone = RandomNumberGenerator.GetBytes(32);

    /// <summary>SHA-256 of the id of the request.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>SHA-256 of the address: what people type into the field is not kept.</summary>
    public required byte[] EmailHash { get; init; }

    /// <summary>SHA-256 of who asked, when their token said it: they need no id of the request. Null for everybody else.</summary>
    public byte[]? AskedBy { get; init; }

    public required byte[] Salt { get; init; }

    /// <summary>PBKDF2 of the code.</summary>
    public required byte[] CodeHash { get; init; }

    /// <summary>Wrong tries so far.</summary>
    public int Tried { get; private init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Draws a code. Of a caller who is known it ends the one before, whatever was tried of that.</summary>
    /// <returns>The row as it was written; and the code and the id of the request, which nobody can ever read again.</returns>
    public static async Task<(EmailCode Row, string Code, string RequestId)> Draw(
        EmailAddress email, Caller? caller, UsersDb db, DateTimeOffset now, CancellationToken ct)
    {
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        var requestId = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var salt = RandomNumberGenerator.GetBytes(16);
        var row = new EmailCode
        {
            RequestHash = HashOf(requestId),
            EmailHash = email.Hash,
            AskedBy = IdentityOf(caller),
            Salt = salt,
            CodeHash = HashOf(code, salt),
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

    /// <summary>Takes back a code that nobody got. One that was drawn after it stays.</summary>
    public Task Void(UsersDb db, CancellationToken ct) => db.Database.ExecuteSqlAsync($"delete from mailed_codes where request_hash = {RequestHash}", ct);

    /// <summary>Uses a code up, or counts a wrong one. Both are to be committed, whatever comes of it.</summary>
    /// <remarks>
    /// The row is locked until the transaction ends, so whoever guesses on many connections at once waits in turn, and has five
    /// guesses like anybody. That a code has expired is told only to whoever knows it: everybody else would learn that somebody
    /// asked for one.
    /// </remarks>
    /// <param name="requestId">Null when the caller's token says who asked.</param>
    /// <returns>Null when it is right, and works no more; else why it is not.</returns>
    public static async Task<ErrorCode?> Use(
        EmailAddress email, string code, string? requestId, Caller? caller, UsersDb db, DateTimeOffset now, CancellationToken ct)
    {
        var found = requestId is not null ? Of(email, HashOf(requestId), db) : OfCaller(email, IdentityOf(caller) ?? HashOfNone, db);
        var sent = await found.AsNoTracking().ToListAsync(ct) is [var last] && last.Tried < Tries ? last : null;
        // The same work and the same statements also when there is none to compare with: the time taken must tell nothing.
        var right = CryptographicOperations.FixedTimeEquals(HashOf(code, sent?.Salt ?? SaltOfNone), sent?.CodeHash ?? HashOfNone);
        var row = sent?.RequestHash ?? HashOfNone;
        await (right
            ? db.Database.ExecuteSqlAsync($"delete from mailed_codes where request_hash = {row}", ct)
            : db.Database.ExecuteSqlAsync($"update mailed_codes set tried = tried + 1 where request_hash = {row}", ct));
        return sent is null || !right ? UsersErrors.CodeWrong
            : sent.ExpiresAt <= now ? UsersErrors.CodeExpired
            : null;
    }

    /// <summary>Forgets the codes of an address whose owner was erased.</summary>
    public static Task Forget(EmailAddress email, UsersDb db, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"delete from mailed_codes where email_hash = {email.Hash}", ct);

    private static IQueryable<EmailCode> Of(EmailAddress email, byte[] requestHash, UsersDb db) => db.EmailCodes.FromSql(
        $"""
        select request_hash, email_hash, asked_by, salt, code_hash, tried, expires_at from mailed_codes
        where email_hash = {email.Hash} and request_hash = {requestHash}
        for update
        """);

    private static IQueryable<EmailCode> OfCaller(EmailAddress email, byte[] askedBy, UsersDb db) => db.EmailCodes.FromSql(
        $"""
        select request_hash, email_hash, asked_by, salt, code_hash, tried, expires_at from mailed_codes
        where email_hash = {email.Hash} and asked_by = {askedBy}
        for update
        """);

    // The Telegram id goes first: it is the same before and after a registration.
    private static byte[]? IdentityOf(Caller? caller) =>
        caller is null ? null : HashOf(caller.TelegramId is { } telegramId ? $"telegram:{telegramId}" : caller.Subject);

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static byte[] HashOf(string code, byte[] salt) => Rfc2898DeriveBytes.Pbkdf2(code, salt, Iterations, HashAlgorithmName.SHA256, outputLength: 32);
}
