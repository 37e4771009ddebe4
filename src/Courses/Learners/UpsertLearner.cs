using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Courses.Storage;
using Platform.Messaging;

namespace Platform.Courses.Learners;

/// <summary>Stores the copy of a person's name, city and Telegram id.</summary>
internal sealed class UpsertLearner(CoursesDb db) : IEventHandler<UserRegistered>, IEventHandler<UserUpdated>
{
    public Task Handle(UserRegistered happened, CancellationToken ct) =>
        Upsert(happened.UserId, happened.TelegramId, happened.FullName, happened.City, happened.Version, winsAtSameVersion: false, ct);

    public Task Handle(UserUpdated happened, CancellationToken ct) =>
        Upsert(happened.UserId, happened.TelegramId, happened.FullName, happened.City, happened.Version, winsAtSameVersion: true, ct);

    // Events arrive in any order: ignore those older than the copy and those about an erased person.
    private Task<int> Upsert(UserId userId, TelegramId? telegramId, string fullName, string? city, long version, bool winsAtSameVersion,
        CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"""
            insert into learners as known (user_id, telegram_id, full_name, city, version)
            values ({userId.Value}, {telegramId?.Value}, {fullName}, {city}, {version})
            on conflict (user_id) do update
            set telegram_id = excluded.telegram_id, full_name = excluded.full_name, city = excluded.city, version = excluded.version
            where not known.erased and (known.version < excluded.version or (known.version = excluded.version and {winsAtSameVersion}))
            """, ct);
}
