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
/// One sign-in and all the refresh tokens that came of it, of which the newest alone is good. Whoever changes a family
/// locks its row first, so it has one newest token whatever comes at the same moment.
/// </summary>
internal sealed class TokenFamily
{
    public required Guid Id { get; init; }

    /// <summary>The person, when a bot signed him in, or he himself from the Mini App.</summary>
    public TelegramId? TelegramId { get; private init; }

    /// <summary>The bot's key, when a bot signed him in.</summary>
    public long? BotKeyId { get; private init; }

    /// <summary>His address, when he signed in by the code of a mail; in lower case. A person's always: of a guest who signs in so, nothing is kept.</summary>
    public string? Email { get; private init; }

    /// <summary>The member of the staff, when he signed in with a password.</summary>
    public StaffId? StaffId { get; private init; }

    /// <summary>
    /// Digest of the network that the newest token was given to, for sign-ins by password and by e-mail: in the same one, whoever has the
    /// login or the mailbox is no stranger. Together with the family's id, so that equal networks look different.
    /// </summary>
    public byte[]? NetworkHash { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; private set; }

    public Revocation? RevokedBecause { get; private set; }

    /// <param name="key">Null when he signed in himself.</param>
    public static TokenFamily Of(TelegramId telegramId, BotKey? key, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), TelegramId = telegramId, BotKeyId = key?.Id, CreatedAt = now };

    public static TokenFamily Of(EmailAddress email, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), Email = email.Value, CreatedAt = now };

    public static TokenFamily Of(StaffId staffId, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), StaffId = staffId, CreatedAt = now };

    /// <summary>Locks the family that the token belongs to until the transaction ends.</summary>
    public static async Task<TokenFamily?> Lock(byte[] tokenHash, UsersDb db, CancellationToken ct)
    {
        var found = await db
            .Rows<TokenFamily>($"where id = (select family_id from refresh_tokens where hash = {tokenHash}) for update")
            .ToListAsync(ct);
        return found is [var family] ? family : null;
    }

    public void ComesFrom(CallerNetwork network) => NetworkHash = SHA256.HashData([.. Id.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes($"{network}")]);

    /// <summary>Whether somebody signed in by this address from there, and has not been signed out.</summary>
    public static Task<bool> IsKnown(EmailAddress email, CallerNetwork network, UsersDb db, CancellationToken ct) => db.Database.SqlQuery<bool>(
        $"""
        select exists (
            select from token_families
            where email = {email.Value} and revoked_at is null and network_hash = sha256(uuid_send(id) || convert_to({network.ToString()}, 'UTF8'))) as "Value"
        """).SingleAsync(ct);

    /// <summary>Whether somebody signed in with this login from there, and has not been signed out.</summary>
    /// <param name="login">Normalized.</param>
    public static Task<bool> IsKnown(string login, CallerNetwork network, UsersDb db, CancellationToken ct) => db.Database.SqlQuery<bool>(
        $"""
        select exists (
            select from token_families family join credentials credential on credential.staff_id = family.staff_id
            where lower(credential.login) = {login} and family.revoked_at is null
                and family.network_hash = sha256(uuid_send(family.id) || convert_to({network.ToString()}, 'UTF8'))) as "Value"
        """).SingleAsync(ct);

    /// <summary>The sign-in with this login that a refresh token is of, used or not, unless it was ended.</summary>
    /// <param name="login">Normalized.</param>
    public static async Task<Guid?> DeviceOf(string login, string refreshToken, UsersDb db, DateTimeOffset now, CancellationToken ct)
    {
        var found = await db.Database.SqlQuery<Guid>(
            $"""
            select family.id as "Value" from refresh_tokens token
            join token_families family on family.id = token.family_id
            join credentials credential on credential.staff_id = family.staff_id
            where token.hash = {RefreshToken.HashOf(refreshToken)} and token.expires_at > {now}
                and family.revoked_at is null and lower(credential.login) = {login}
            """).ToListAsync(ct);
        return found is [var device] ? device : null;
    }

    public void Revoke(Revocation because, DateTimeOffset at)
    {
        RevokedAt ??= at;
        RevokedBecause ??= because;
    }

    /// <summary>Ends every sign-in of a blocked person: by his Telegram id, by e-mail, or by password.</summary>
    public static async Task RevokeAllOf(User blocked, UsersDb db, DateTimeOffset now, CancellationToken ct)
    {
        await Revoke(SignInsOf(blocked, db), Revocation.Blocked, now, ct);
        var asStaff = db.Staff.Where(member => member.TelegramId != null && member.TelegramId == blocked.TelegramId);
        await Revoke(db.TokenFamilies.Where(family => asStaff.Any(member => member.Id == family.StaffId)), Revocation.Blocked, now, ct);
    }

    /// <summary>Ends every sign-in of a person by what he was known by until now. What he signs in to as a member of the staff goes on.</summary>
    public static Task RevokeRecovered(User recovered, UsersDb db, DateTimeOffset now, CancellationToken ct) =>
        Revoke(SignInsOf(recovered, db), Revocation.Recovered, now, ct);

    /// <summary>Forgets every sign-in by a Telegram id or an address that is nobody's any more: none shall be found by either.</summary>
    public static async Task DeleteAllOf(TelegramId? telegramId, EmailAddress? email, UsersDb db, CancellationToken ct)
    {
        // First in a statement of its own: a token that is just exchanged is waited for, and seen by the next one.
        await db.Database.ExecuteSqlAsync($"select from token_families where telegram_id = {telegramId?.Value} or email = {email?.Value} for update", ct);
        await db.Database.ExecuteSqlAsync($"""
            with forgotten as (select id from token_families where telegram_id = {telegramId?.Value} or email = {email?.Value}),
                tokens as (delete from refresh_tokens where family_id in (select id from forgotten))
            delete from token_families where id in (select id from forgotten)
            """, ct);
    }

    /// <summary>A person's own sign-ins, in whatever way he is known.</summary>
    public static IQueryable<TokenFamily> SignInsOf(User user, UsersDb db)
    {
        var (telegramId, email) = (user.TelegramId, user.Email);
        return db.TokenFamilies.Where(family =>
            (family.TelegramId != null && family.TelegramId == telegramId) || (family.Email != null && family.Email == email));
    }

    /// <summary>Ends every sign-in by password of a member of the staff.</summary>
    public static Task RevokeAllOf(StaffId staffId, Revocation because, UsersDb db, DateTimeOffset now, CancellationToken ct) =>
        Revoke(db.TokenFamilies.Where(family => family.StaffId == staffId), because, now, ct);

    private static Task<int> Revoke(IQueryable<TokenFamily> families, Revocation because, DateTimeOffset now, CancellationToken ct) => families
        .Where(family => family.RevokedAt == null)
        .ExecuteUpdateAsync(family => family.SetProperty(f => f.RevokedAt, now).SetProperty(f => f.RevokedBecause, because), ct);
}

/// <summary>Why the tokens of a family are refused.</summary>
internal enum Revocation
{
    /// <summary>A token that was exchanged before came again: one of the two who had it was a thief.</summary>
    Reused,

    Blocked,

    StaffRemoved,

    PasswordChanged,

    /// <summary>The person got his account back from another Telegram account.</summary>
    Recovered,
}

/// <summary>Good for one exchange against new tokens. The server keeps a hash only.</summary>
internal sealed class RefreshToken
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>SHA-256 of the token: it has 256 random bits, so nothing slower is needed.</summary>
    public required byte[] Hash { get; init; }

    public required Guid FamilyId { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; private set; }

    /// <returns>The row to keep, and the token to hand out, which nobody can ever read again.</returns>
    public static (RefreshToken Row, string Token) Draw(TokenFamily family, DateTimeOffset now)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return (new RefreshToken { Hash = HashOf(token), FamilyId = family.Id, IssuedAt = now, ExpiresAt = now + Lifetime }, token);
    }

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public void Use(DateTimeOffset at) => UsedAt = at;
}
