using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Bots;
using Platform.Notifications.Storage;
using Platform.ServiceDefaults.Messaging;

namespace Platform.Notifications.Delivery;

/// <summary>Remembers that a bot may write to a person: Telegram lets it write only to those who started it.</summary>
internal sealed class OpenChat(NotificationsDb db) : IHandle<BotStarted>
{
    // Events come in any order: a start from before the block leaves the block as it is.
    public Task Handle(BotStarted happened, CancellationToken ct) => db.Database.ExecuteSqlAsync($"""
        insert into chats as known (bot, telegram_id, started_at, next_at)
        values ({happened.Bot}, {happened.TelegramId.Value}, {happened.StartedAt.ToUniversalTime()}, '-infinity')
        on conflict (bot, telegram_id) do update
        set started_at = excluded.started_at,
            blocked_at = case when known.blocked_at >= excluded.started_at then known.blocked_at end
        where known.started_at < excluded.started_at
        """, ct);
}
