using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Bots;
using Platform.Messaging;
using Platform.Notifications.Storage;

namespace Platform.Notifications.Delivery;

/// <summary>Records that a bot may write to a person: Telegram only allows it after they have started the bot.</summary>
internal sealed class OpenChat(NotificationsDb db) : IEventHandler<BotStarted>
{
    // Events arrive in any order: a start from before a block does not lift it, and one from before an erasure is ignored.
    public Task Handle(BotStarted happened, CancellationToken ct) => db.Database.ExecuteSqlAsync($"""
        insert into chats as known (bot, telegram_id, started_at, next_at)
        select {happened.Bot}, {happened.TelegramId.Value}, {happened.StartedAt.ToUniversalTime()}, '-infinity'
        where not exists (
            select from forgotten_chats
            where digest = {DeletedChats.DigestOf(happened.TelegramId)} and erased_at >= {happened.StartedAt.ToUniversalTime()})
        on conflict (bot, telegram_id) do update
        set started_at = excluded.started_at,
            blocked_at = case when known.blocked_at >= excluded.started_at then known.blocked_at end
        where known.started_at < excluded.started_at
        """, ct);
}
