using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Courses.Storage;
using Platform.Messaging;

namespace Platform.Courses.Learners;

/// <summary>Keeps the copy of a person's name, city and Telegram id.</summary>
internal sealed class KeepLearner(CoursesDb db) : IHandle<UserRegistered>, IHandle<UserUpdated>
{
    public Task Handle(UserRegistered happened, CancellationToken ct) =>
        Keep(happened.UserId, happened.TelegramId, happened.FullName, happened.City, happened.Version, countsAtSameVersion: false, ct);

    public Task Handle(UserUpdated happened, CancellationToken ct) =>
        Keep(happened.UserId, happened.TelegramId, happened.FullName, happened.City, happened.Version, countsAtSameVersion: true, ct);

    // Events come in any order: what is older than the copy, or of a person who was erased, leaves it as it is.
    private Task<int> Keep(UserId userId, TelegramId? telegramId, string fullName, string? city, long version, bool countsAtSameVersion, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"""
            insert into learners as known (user_id, telegram_id, full_name, city, version)
            values ({userId.Value}, {telegramId?.Value}, {fullName}, {city}, {version})
            on conflict (user_id) do update
            set telegram_id = excluded.telegram_id, full_name = excluded.full_name, city = excluded.city, version = excluded.version
            where not known.erased and (known.version < excluded.version or (known.version = excluded.version and {countsAtSameVersion}))
            """, ct);
}
