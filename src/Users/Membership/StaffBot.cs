using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Bots;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

/// <summary>The staff's bot, which the QR code of a card opens, so that any phone's camera works at the counter.</summary>
internal static class StaffBot
{
    /// <returns>Null until the bot has connected once.</returns>
    public static async Task<string?> LinkTo(UsersDb db, string payload, CancellationToken ct) =>
        await db.Database.SqlQuery<string>($"select username as \"Value\" from bots where bot = {BotNames.Barista}").SingleOrDefaultAsync(ct) is { } username
            ? $"https://t.me/{username}?start={payload}"
            : null;
}
