using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.Notifications.Storage;

namespace Platform.Notifications.Contacts;

internal sealed class UpsertContact(NotificationsDb db) : IEventHandler<UserRegistered>, IEventHandler<UserUpdated>
{
    public Task Handle(UserRegistered happened, CancellationToken ct) => Upsert(
        happened.UserId, happened.TelegramId, happened.FullName, happened.Language, happened.City, happened.MemberId, happened.Version,
        winsAtSameVersion: false, ct);

    public Task Handle(UserUpdated happened, CancellationToken ct) => Upsert(
        happened.UserId, happened.TelegramId, happened.FullName, happened.Language, happened.City, happened.MemberId, happened.Version,
        winsAtSameVersion: true, ct);

    // Events arrive in any order: one that is older than the copy, or about an erased person, changes nothing. A copy without a
    // Telegram id or card number, from before they were stored here, takes it from an event of the same version.
    private Task<int> Upsert(
        UserId userId, TelegramId? telegramId, string fullName, string language, string? city, string? memberId, long version, bool winsAtSameVersion,
        CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"""
            insert into contacts as known (user_id, telegram_id, full_name, language, city, member_id, version)
            values ({userId.Value}, {telegramId?.Value}, {fullName}, {language}, {city}, {memberId}, {version})
            on conflict (user_id) do update
            set telegram_id = excluded.telegram_id, full_name = excluded.full_name, language = excluded.language, city = excluded.city,
                member_id = excluded.member_id, version = excluded.version
            where not known.erased and (
                known.version < excluded.version
                or (known.version = excluded.version and (
                    {winsAtSameVersion} or known.telegram_id is null or (known.member_id is null and excluded.member_id is not null))))
            """, ct);
}
