using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Bots;
using Platform.Messaging;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

internal sealed class StoreBotUsername(UsersDb db) : IEventHandler<BotConnected>
{
    public Task Handle(BotConnected happened, CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"""
        insert into bots as known (bot, username, connected_at) values ({happened.Bot}, {happened.Username}, {happened.ConnectedAt.ToUniversalTime()})
        on conflict (bot) do update set username = excluded.username, connected_at = excluded.connected_at
        where known.connected_at < excluded.connected_at
        """, ct);
}
