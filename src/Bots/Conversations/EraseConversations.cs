using Microsoft.EntityFrameworkCore;
using Platform.Bots.ClientBot;
using Platform.Bots.Storage;
using Platform.Contracts.Users;
using Platform.Messaging;

namespace Platform.Bots.Conversations;

/// <summary>Deletes everything that the bots store about an erased person.</summary>
internal sealed class EraseConversations(BotsDb db) : IEventHandler<UserErased>
{
    public async Task Handle(UserErased happened, CancellationToken ct)
    {
        if (happened.TelegramId is not { } person)
        {
            return;
        }

        // Pending updates came after the erasure. The conversation that asked for it is deleted by MyData, after its confirmation.
        await db.Database.ExecuteSqlAsync($"""
            delete from chats
            where telegram_id = {person.Value} and updated_at <= {happened.ErasedAt.ToUniversalTime()}
                and not (step is not distinct from {MyData.Word} and exists (
                    select from updates where updates.bot = chats.bot and updates.telegram_id = chats.telegram_id and updates.handled_at is null))
            """, ct);
        await db.Countdowns.Where(countdown => countdown.TelegramId == person).ExecuteDeleteAsync(ct);
        await db.Database.ExecuteSqlAsync($"delete from quarantined_updates where telegram_id = {person.Value}", ct);
        await db.Database.ExecuteSqlAsync($"delete from updates where telegram_id = {person.Value} and handled_at is not null", ct);
    }
}
