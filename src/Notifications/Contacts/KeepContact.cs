using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.Notifications.Storage;
using Platform.ServiceDefaults.Messaging;

namespace Platform.Notifications.Contacts;

/// <summary>Keeps the copy of a person's name, city and language.</summary>
internal sealed class KeepContact(NotificationsDb db) : IHandle<UserRegistered>
{
    // Events come in any order: what is older than the copy, or of a person who was erased, leaves it as it is.
    public Task Handle(UserRegistered happened, CancellationToken ct) => db.Database.ExecuteSqlAsync($"""
        insert into contacts as known (user_id, full_name, language, city, version)
        values ({happened.UserId.Value}, {happened.FullName}, {happened.Language}, {happened.City}, {happened.Version})
        on conflict (user_id) do update
        set full_name = excluded.full_name, language = excluded.language, city = excluded.city, version = excluded.version
        where known.version < excluded.version and not known.erased
        """, ct);
}
