using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.Notifications.Delivery;
using Platform.Notifications.Storage;

namespace Platform.Notifications.Contacts;

/// <summary>Deletes an erased person's contact, preferences, notifications and chats. Nothing more is sent to them.</summary>
internal sealed class EraseContact(NotificationsDb db) : IEventHandler<UserErased>
{
    public async Task Handle(UserErased happened, CancellationToken ct)
    {
        var userId = happened.UserId.Value;
        // The person may be unknown here: their registration event may arrive later.
        await db.Database.ExecuteSqlAsync($"""
            insert into contacts as known (user_id, full_name, language, version, erased) values ({userId}, '', 'ru', {happened.Version}, true)
            on conflict (user_id) do update
            set telegram_id = null, full_name = '', city = null, member_id = null, version = greatest(known.version, excluded.version), erased = true
            """, ct);
        await db.Database.ExecuteSqlAsync($"delete from queue where user_id = {userId}", ct);
        await db.Database.ExecuteSqlAsync($"delete from preferences where user_id = {userId}", ct);
        await db.Database.ExecuteSqlAsync($"delete from notifications where user_id = {userId}", ct);
        if (happened.TelegramId is { } telegramId)
        {
            await DeletedChats.Delete(db, telegramId, happened.ErasedAt, ct);
        }
    }
}
