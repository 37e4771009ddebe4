using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Users.Mail;
using Platform.Users.People;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>
/// One sign-in and all its refresh tokens, of which only the newest is valid. Code that changes a family locks its row first, so concurrent
/// requests cannot create two newest tokens.
/// </summary>
internal sealed class TokenFamily
{
    public required Guid Id { get; init; }

    /// <summary>The person, when signed in by a bot or from the Mini App.</summary>
    public TelegramId? TelegramId { get; private init; }

    /// <summary>The bot's key, when signed in by a bot.</summary>
    public long? BotKeyId { get; private init; }

    /// <summary>The address, when signed in by e-mail; in lower case. Registered people only: nothing is stored about guests who sign in so.</summary>
    public string? Email { get; private init; }

    /// <summary>The member of the staff, when signed in with a password.</summary>
    public StaffId? StaffId { get; private init; }

    /// <summary>
    /// Digest of the network that the newest token was issued to, for sign-ins by password and by e-mail: further sign-ins from it count as
    /// known. Salted with the family's id, so that equal networks look different.
    /// </summary>
    public byte[]? NetworkHash { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; private set; }

    public Revocation? RevokedBecause { get; private set; }

    /// <param name="key">Null for a sign-in without a bot.</param>
    public static TokenFamily Start(TelegramId telegramId, BotKey? key, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), TelegramId = telegramId, BotKeyId = key?.Id, CreatedAt = now };

    public static TokenFamily Start(EmailAddress email, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), Email = email.Value, CreatedAt = now };

    public static TokenFamily Start(StaffId staffId, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), StaffId = staffId, CreatedAt = now };

    /// <summary>Locks the family that the token belongs to until the transaction ends.</summary>
    public static async Task<TokenFamily?> Lock(byte[] tokenHash, UsersDb db, CancellationToken ct)
    {
        var found = await db
            .Rows<TokenFamily>($"where id = (select family_id from refresh_tokens where hash = {tokenHash}) for update")
            .ToListAsync(ct);
        return found is [var family] ? family : null;
    }

    public void RememberNetwork(CallerNetwork network) =>
        NetworkHash = SHA256.HashData([.. Id.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes($"{network}")]);

    /// <summary>Whether there is a live sign-in by this address from this network.</summary>
    public static Task<bool> IsKnownNetwork(EmailAddress email, CallerNetwork network, UsersDb db, CancellationToken ct) => db.Database.SqlQuery<bool>(
        $"""
        select exists (
            select from token_families
            where email = {email.Value} and revoked_at is null and network_hash = sha256(uuid_send(id) || convert_to({network.ToString()}, 'UTF8'))) as "Value"
        """).SingleAsync(ct);

    /// <summary>Whether there is a live sign-in with this login from this network.</summary>
    /// <param name="login">Normalized.</param>
    public static Task<bool> IsKnownNetwork(string login, CallerNetwork network, UsersDb db, CancellationToken ct) => db.Database.SqlQuery<bool>(
        $"""
        select exists (
            select from token_families family join credentials credential on credential.staff_id = family.staff_id
            where lower(credential.login) = {login} and family.revoked_at is null
                and family.network_hash = sha256(uuid_send(family.id) || convert_to({network.ToString()}, 'UTF8'))) as "Value"
        """).SingleAsync(ct);

    /// <summary>The live sign-in with this login that a refresh token, used or not, belongs to.</summary>
    /// <param name="login">Normalized.</param>
    public static async Task<Guid?> FindDevice(string login, string refreshToken, UsersDb db, DateTimeOffset now, CancellationToken ct)
    {
        var found = await db.Database.SqlQuery<Guid>(
            $"""
            select family.id as "Value" from refresh_tokens token
            join token_families family on family.id = token.family_id
            join credentials credential on credential.staff_id = family.staff_id
            where token.hash = {RefreshToken.ComputeHash(refreshToken)} and token.expires_at > {now}
                and family.revoked_at is null and lower(credential.login) = {login}
            """).ToListAsync(ct);
        return found is [var device] ? device : null;
    }

    public void Revoke(Revocation because, DateTimeOffset at)
    {
        RevokedAt ??= at;
        RevokedBecause ??= because;
    }

    /// <summary>Revokes every sign-in of a blocked person: by Telegram id, e-mail or password.</summary>
    public static async Task RevokeAll(User blocked, UsersDb db, DateTimeOffset now, CancellationToken ct)
    {
        await Revoke(FindSignIns(blocked, db), Revocation.Blocked, now, ct);
        var asStaff = db.Staff.Where(member => member.TelegramId != null && member.TelegramId == blocked.TelegramId);
        await Revoke(db.TokenFamilies.Where(family => asStaff.Any(member => member.Id == family.StaffId)), Revocation.Blocked, now, ct);
    }

    /// <summary>Revokes every sign-in of a person under their former Telegram id and e-mail. Staff sign-ins by password go on.</summary>
    public static Task RevokeRecovered(User recovered, UsersDb db, DateTimeOffset now, CancellationToken ct) =>
        Revoke(FindSignIns(recovered, db), Revocation.Recovered, now, ct);

    /// <summary>Deletes every sign-in by a Telegram id or address that no longer belongs to anyone.</summary>
    public static async Task DeleteAll(TelegramId? telegramId, EmailAddress? email, UsersDb db, CancellationToken ct)
    {
        // In a statement of its own: it waits for a concurrent exchange, which the next statement then sees.
        await db.Database.ExecuteSqlAsync($"select from token_families where telegram_id = {telegramId?.Value} or email = {email?.Value} for update", ct);
        await db.Database.ExecuteSqlAsync($"""
            with deleted as (select id from token_families where telegram_id = {telegramId?.Value} or email = {email?.Value}),
                tokens as (delete from refresh_tokens where family_id in (select id from deleted))
            delete from token_families where id in (select id from deleted)
            """, ct);
    }

    /// <summary>A person's own sign-ins, by Telegram id or e-mail.</summary>
    public static IQueryable<TokenFamily> FindSignIns(User user, UsersDb db)
    {
        var (telegramId, email) = (user.TelegramId, user.Email);
        return db.TokenFamilies.Where(family =>
            (family.TelegramId != null && family.TelegramId == telegramId) || (family.Email != null && family.Email == email));
    }

    /// <summary>Revokes every sign-in by password of a member of the staff.</summary>
    public static Task RevokeAll(StaffId staffId, Revocation because, UsersDb db, DateTimeOffset now, CancellationToken ct) =>
        Revoke(db.TokenFamilies.Where(family => family.StaffId == staffId), because, now, ct);

    private static Task<int> Revoke(IQueryable<TokenFamily> families, Revocation because, DateTimeOffset now, CancellationToken ct) => families
        .Where(family => family.RevokedAt == null)
        .ExecuteUpdateAsync(family => family.SetProperty(f => f.RevokedAt, now).SetProperty(f => f.RevokedBecause, because), ct);
}

/// <summary>Why the tokens of a family are refused.</summary>
internal enum Revocation
{
    /// <summary>An exchanged token was used again: one of its two users stole it.</summary>
    Reused,

    Blocked,

    StaffRemoved,

    PasswordChanged,

    /// <summary>The person recovered their account from another Telegram account.</summary>
    Recovered,
}

/// <summary>Can be exchanged once for new tokens. Only its hash is stored.</summary>
internal sealed class RefreshToken
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>SHA-256 of the token, which has 256 random bits, so nothing slower is needed.</summary>
    public required byte[] Hash { get; init; }

    public required Guid FamilyId { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; private set; }

    /// <returns>The row to store, and the token to return, which cannot be read again.</returns>
    public static (RefreshToken Row, string Token) Create(TokenFamily family, DateTimeOffset now)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return (new RefreshToken { Hash = ComputeHash(token), FamilyId = family.Id, IssuedAt = now, ExpiresAt = now + Lifetime }, token);
    }

    public static byte[] ComputeHash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public void Use(DateTimeOffset at) => UsedAt = at;
}
