using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.Courses.Storage;
using Platform.ServiceDefaults.Messaging;

namespace Platform.Courses.Learners;

/// <summary>Keeps the copy of a person's name, city and Telegram id.</summary>
internal sealed class KeepLearner(CoursesDb db) : IHandle<UserRegistered>
{
    // Events come in any order: what is older than the copy, or of a person who was erased, leaves it as it is.
    public Task Handle(UserRegistered happened, CancellationToken ct)
    {
        var telegramId = happened.TelegramId?.Value;
        return db.Database.ExecuteSqlAsync($"""
            insert into learners as known (user_id, telegram_id, full_name, city, version)
            values ({happened.UserId.Value}, {telegramId}, {happened.FullName}, {happened.City}, {happened.Version})
            on conflict (user_id) do update
            set telegram_id = excluded.telegram_id, full_name = excluded.full_name, city = excluded.city, version = excluded.version
            where known.version < excluded.version and not known.erased
            """, ct);
    }
}
