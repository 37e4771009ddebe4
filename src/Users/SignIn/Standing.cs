using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Users.Mail;
using Platform.Users.People;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>
/// Who somebody is at this moment, and the most that he may do. Asked anew for every token, so that a change of it holds
/// from the next one on.
/// </summary>
/// <param name="PersonVersion">By which a token is told from those of before a revocation; null for whoever is not registered.</param>
/// <param name="StaffVersion">The same of a member of the staff.</param>
/// <param name="Email">Of a guest who has shown it to be his, and is known by nothing else.</param>
internal sealed record Standing(
    UserId? UserId, TelegramId? TelegramId, StaffId? StaffId, Role Role, bool IsBlocked, string? Email = null, long? PersonVersion = null, long? StaffVersion = null)
{
    /// <param name="highest">The most that the bot's key allows; a client, where no bot vouches for him.</param>
    public static Task<Standing> Of(TelegramId telegramId, Role highest, UsersDb db, CancellationToken ct) =>
        Of(db.Users.Where(user => user.TelegramId == telegramId), telegramId, highest, db, ct);

    /// <summary>
    /// For a sign-in: his standing stays until the transaction ends. Who blocks or erases him at the moment waits for that, and ends the
    /// sign-in with all others.
    /// </summary>
    /// <inheritdoc cref="Of(TelegramId, Role, UsersDb, CancellationToken)"/>
    public static Task<Standing> Hold(TelegramId telegramId, Role highest, UsersDb db, CancellationToken ct) =>
        Of(db.Rows<User>($"where telegram_id = {telegramId.Value} for share"), telegramId, highest, db, ct);

    private static async Task<Standing> Of(IQueryable<User> found, TelegramId telegramId, Role highest, UsersDb db, CancellationToken ct)
    {
        var user = await found
            .Select(user => new { user.Id, user.Version, IsBlocked = user.BlockedAt != null })
            .SingleOrDefaultAsync(ct);
        var member = highest < Role.Staff
            ? null
            : await db.Staff
                .Where(member => member.TelegramId == telegramId && member.RemovedAt == null)
                .Select(member => new { member.Id, member.Role, member.Version })
                .SingleOrDefaultAsync(ct);

        var role = member is not null ? (Role)Math.Min((int)member.Role, (int)highest)
            : user is not null ? Role.Client
            : Role.Guest;
        return new Standing(
            user?.Id, telegramId, member?.Id, role, user?.IsBlocked ?? false, PersonVersion: user?.Version, StaffVersion: member?.Version);
    }

    /// <summary>Never more than a client: a mailbox is no proof of working here.</summary>
    public static Task<Standing> Of(EmailAddress email, UsersDb db, CancellationToken ct) => Of(db.UsersWith(email), email, ct);

    /// <inheritdoc cref="Hold(TelegramId, Role, UsersDb, CancellationToken)"/>
    public static Task<Standing> Hold(EmailAddress email, UsersDb db, CancellationToken ct) =>
        Of(db.Rows<User>($"where lower(email) = {email.Value} for share"), email, ct);

    private static async Task<Standing> Of(IQueryable<User> found, EmailAddress email, CancellationToken ct)
    {
        var user = await found
            .Select(user => new { user.Id, user.TelegramId, user.Version, IsBlocked = user.BlockedAt != null })
            .SingleOrDefaultAsync(ct);
        return user is null
            ? new Standing(null, null, null, Role.Guest, IsBlocked: false, email.Value)
            : new Standing(user.Id, user.TelegramId, null, Role.Client, user.IsBlocked, PersonVersion: user.Version);
    }

    /// <returns>Null when he does not work here any more.</returns>
    public static Task<Standing?> Of(StaffId staffId, UsersDb db, CancellationToken ct) => Of(staffId, held: false, db, ct);

    /// <inheritdoc cref="Hold(TelegramId, Role, UsersDb, CancellationToken)"/>
    /// <returns>Null when he does not work here any more.</returns>
    public static Task<Standing?> Hold(StaffId staffId, UsersDb db, CancellationToken ct) => Of(staffId, held: true, db, ct);

    private static async Task<Standing?> Of(StaffId staffId, bool held, UsersDb db, CancellationToken ct)
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
            return new Standing(null, null, staffId, member.Role, IsBlocked: false, StaffVersion: member.Version);
        }

        return held ? await Hold(telegramId, member.Role, db, ct) : await Of(telegramId, member.Role, db, ct);
    }
}
