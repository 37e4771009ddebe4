using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>
/// Who somebody is at this moment, and the most that he may do. Asked anew for every token, so that a change of it holds
/// from the next one on.
/// </summary>
internal sealed record Standing(UserId? UserId, TelegramId? TelegramId, StaffId? StaffId, Role Role, bool IsBlocked)
{
    /// <param name="highest">The most that the bot's key allows.</param>
    public static async Task<Standing> Of(TelegramId telegramId, Role highest, UsersDb db, CancellationToken ct)
    {
        var user = await db.Users
            .Where(user => user.TelegramId == telegramId)
            .Select(user => new { user.Id, IsBlocked = user.BlockedAt != null })
            .SingleOrDefaultAsync(ct);
        var member = highest < Role.Staff
            ? null
            : await db.Staff
                .Where(member => member.TelegramId == telegramId && member.RemovedAt == null)
                .Select(member => new { member.Id, member.Role })
                .SingleOrDefaultAsync(ct);

        var role = member is not null ? (Role)Math.Min((int)member.Role, (int)highest)
            : user is not null ? Role.Client
            : Role.Guest;
        return new Standing(user?.Id, telegramId, member?.Id, role, user?.IsBlocked ?? false);
    }

    /// <returns>Null when he does not work here any more.</returns>
    public static async Task<Standing?> Of(StaffId staffId, UsersDb db, CancellationToken ct)
    {
        var member = await db.Staff
            .Where(member => member.Id == staffId && member.RemovedAt == null)
            .Select(member => new { member.TelegramId, member.Role })
            .SingleOrDefaultAsync(ct);
        if (member is null)
        {
            return null;
        }

        if (member.TelegramId is not { } telegramId)
        {
            return new Standing(null, null, staffId, member.Role, IsBlocked: false);
        }

        return await Of(telegramId, member.Role, db, ct);
    }
}
