using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.Notifications.Storage;

namespace Platform.Notifications.Contacts;

/// <summary>Keeps the copy of a person's name, city, language and Telegram id.</summary>
internal sealed class KeepContact(NotificationsDb db) : IHandle<UserRegistered>, IHandle<UserUpdated>
{
    public Task Handle(UserRegistered happened, CancellationToken ct) => Keep(
        happened.UserId, happened.TelegramId, happened.FullName, happened.Language, happened.City, happened.Version, countsAtSameVersion: false, ct);

    public Task Handle(UserUpdated happened, CancellationToken ct) => Keep(
        happened.UserId, happened.TelegramId, happened.FullName, happened.Language, happened.City, happened.Version, countsAtSameVersion: true, ct);

    // Events come in any order: what is older than the copy, or of a person who was erased, leaves it as it is. A copy of before
    // Telegram ids were kept takes his from the same version.
    private Task<int> Keep(
        UserId userId, TelegramId? telegramId, string fullName, string language, string? city, long version, bool countsAtSameVersion, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"""
            insert into contacts as known (user_id, telegram_id, full_name, language, city, version)
            values ({userId.Value}, {telegramId?.Value}, {fullName}, {language}, {city}, {version})
            on conflict (user_id) do update
            set telegram_id = excluded.telegram_id, full_name = excluded.full_name, language = excluded.language, city = excluded.city, version = excluded.version
            where not known.erased and (
                known.version < excluded.version
                or (known.version = excluded.version and ({countsAtSameVersion} or known.telegram_id is null)))
            """, ct);
}
