using Microsoft.EntityFrameworkCore;
using Platform.Bots.Storage;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Messaging;

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

        // What waits to be handled stays: it is what he says after it.
        await db.Chats.Where(chat => chat.TelegramId == person && chat.UpdatedAt <= happened.ErasedAt).ExecuteDeleteAsync(ct);
        await db.Countdowns.Where(countdown => countdown.TelegramId == person).ExecuteDeleteAsync(ct);
        await db.Database.ExecuteSqlAsync($"delete from updates where telegram_id = {person.Value} and handled_at is not null", ct);
    }
}
