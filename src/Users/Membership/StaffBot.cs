using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Bots;
using Platform.Messaging;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

/// <summary>The staff's bot, which the QR code of a card opens: any phone's camera will do at the counter.</summary>
internal static class StaffBot
{
    /// <returns>Null while the bot has never been connected.</returns>
    public static async Task<string?> LinkTo(UsersDb db, string payload, CancellationToken ct) =>
        await db.Database.SqlQuery<string>($"select username as \"Value\" from bots where bot = {BotNames.Barista}").SingleOrDefaultAsync(ct) is { } username
            ? $"https://t.me/{username}?start={payload}"
            : null;
}

/// <summary>Keeps by what name a bot is known in Telegram.</summary>
internal sealed class KeepBot(UsersDb db) : IHandle<BotConnected>
{
    public Task Handle(BotConnected happened, CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"""
        insert into bots as known (bot, username, connected_at) values ({happened.Bot}, {happened.Username}, {happened.ConnectedAt.ToUniversalTime()})
        on conflict (bot) do update set username = excluded.username, connected_at = excluded.connected_at
        where known.connected_at < excluded.connected_at
        """, ct);
}
