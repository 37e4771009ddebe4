using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Users.Mail;
using Platform.Users.People;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>
/// Who someone is right now, and the highest role that they may have. Looked up for every token, so a change takes effect with the next one.
/// </summary>
/// <param name="PersonVersion">Marks tokens issued before a revocation; null for a person who is not registered.</param>
/// <param name="StaffVersion">The same for a member of the staff.</param>
/// <param name="StaffRole">What a member of the staff may do; null for everyone else, and for an admin, who may do everything.</param>
/// <param name="MayBroadcast">The right of a member of the staff to write to all guests at once.</param>
/// <param name="Email">Set for a guest who proved it and is known by nothing else.</param>
internal sealed record Identity(
    UserId? UserId, TelegramId? TelegramId, StaffId? StaffId, Role Role, bool IsBlocked, string? Email = null, long? PersonVersion = null,
    long? StaffVersion = null, StaffRole? StaffRole = null, bool MayBroadcast = false)
{
    /// <param name="highest">The highest role that the bot's key allows; a client where no bot vouches for them.</param>
    public static Task<Identity> FindByTelegram(TelegramId telegramId, Role highest, UsersDb db, CancellationToken ct) =>
        ReadTelegram(db.Users.Where(user => user.TelegramId == telegramId), telegramId, highest, db, ct);

    /// <summary>
    /// For a sign-in: locks the person until the transaction ends. A block or erasure at the same moment waits, and then ends this sign-in
    /// with all others.
    /// </summary>
    /// <inheritdoc cref="FindByTelegram"/>
    public static Task<Identity> LockByTelegram(TelegramId telegramId, Role highest, UsersDb db, CancellationToken ct) =>
        ReadTelegram(db.Rows<User>($"where telegram_id = {telegramId.Value} for share"), telegramId, highest, db, ct);

    /// <summary>Never more than a client: a mailbox does not prove that someone works here.</summary>
    public static Task<Identity> FindByEmail(EmailAddress email, UsersDb db, CancellationToken ct) => ReadEmail(db.UsersWith(email), email, ct);

    /// <inheritdoc cref="LockByTelegram"/>
    public static Task<Identity> LockByEmail(EmailAddress email, UsersDb db, CancellationToken ct) =>
        ReadEmail(db.Rows<User>($"where lower(email) = {email.Value} for share"), email, ct);

    /// <returns>Null when they no longer work here.</returns>
    public static Task<Identity?> FindStaff(StaffId staffId, UsersDb db, CancellationToken ct) => ReadStaff(staffId, locked: false, db, ct);

    /// <inheritdoc cref="LockByTelegram"/>
    /// <returns>Null when they no longer work here.</returns>
    public static Task<Identity?> LockStaff(StaffId staffId, UsersDb db, CancellationToken ct) => ReadStaff(staffId, locked: true, db, ct);

    private static async Task<Identity> ReadTelegram(IQueryable<User> found, TelegramId telegramId, Role highest, UsersDb db, CancellationToken ct)
    {
        var user = await found
            .Select(user => new { user.Id, user.Version, IsBlocked = user.BlockedAt != null })
            .SingleOrDefaultAsync(ct);
        var member = highest < Role.Staff
            ? null
            : await db.Staff
                .Where(member => member.TelegramId == telegramId && member.RemovedAt == null)
                .Select(member => new { member.Id, member.Role, member.StaffRole, member.Broadcast, member.Version })
                .SingleOrDefaultAsync(ct);
        var role = member is not null ? (Role)Math.Min((int)member.Role, (int)highest)
            : user is not null ? Role.Client
            : Role.Guest;
        return new Identity(
            user?.Id, telegramId, member?.Id, role, user?.IsBlocked ?? false, PersonVersion: user?.Version, StaffVersion: member?.Version,
            StaffRole: member?.StaffRole, MayBroadcast: member?.Broadcast ?? false);
    }

    private static async Task<Identity> ReadEmail(IQueryable<User> found, EmailAddress email, CancellationToken ct)
    {
        var user = await found
            .Select(user => new { user.Id, user.TelegramId, user.Version, IsBlocked = user.BlockedAt != null })
            .SingleOrDefaultAsync(ct);
        return user is null
            ? new Identity(null, null, null, Role.Guest, IsBlocked: false, email.Value)
            : new Identity(user.Id, user.TelegramId, null, Role.Client, user.IsBlocked, PersonVersion: user.Version);
    }

    private static async Task<Identity?> ReadStaff(StaffId staffId, bool locked, UsersDb db, CancellationToken ct)
    {
        var member = await db.Staff
            .Where(member => member.Id == staffId && member.RemovedAt == null)
            .Select(member => new { member.TelegramId, member.Role, member.Version })
            .SingleOrDefaultAsync(ct);
        if (member is null)
        {
            return null;
        }

        if (member.TelegramId is not { } telegramId)
        {
            return new Identity(null, null, staffId, member.Role, IsBlocked: false, StaffVersion: member.Version);
        }

        return locked ? await LockByTelegram(telegramId, member.Role, db, ct) : await FindByTelegram(telegramId, member.Role, db, ct);
    }
}
