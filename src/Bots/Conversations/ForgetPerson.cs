using Microsoft.EntityFrameworkCore;
using Platform.Bots.ClientBot;
using Platform.Bots.Storage;
using Platform.Contracts.Users;
using Platform.Messaging;

namespace Platform.Bots.Conversations;

/// <summary>Forgets the conversations of somebody who had himself erased. What he writes from then on, he writes as a stranger.</summary>
internal sealed class ForgetPerson(BotsDb db) : IHandle<UserErased>
{
    public async Task Handle(UserErased happened, CancellationToken ct)
    {
        if (happened.TelegramId is not { } person)
        {
            return;
        }

        // What waits to be handled stays: it is what he says after it. And so does the conversation in which he is just having himself erased,
        // as long as it has not told him: it goes with its last word.
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
