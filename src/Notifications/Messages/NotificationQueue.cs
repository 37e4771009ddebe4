using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Database;
using Platform.Messaging;
using Platform.Notifications.Storage;

namespace Platform.Notifications.Messages;

/// <summary>Adds notifications to the queue, each once.</summary>
internal sealed class NotificationQueue(NotificationsDb db, TimeProvider clock)
{
    /// <summary>For <c>verify</c>: the table's key does not catch an event that was repeated with another time.</summary>
    public const string Duplicates = """
        select user_id, template, source, count(*) as times from notifications
        group by user_id, template, source
        having count(*) > 1
        order by user_id, template, source
        """;

    /// <param name="source">What it is about, such as <c>order:17</c>; see <see cref="Notification.Source"/>.</param>
    /// <param name="happenedAt">
    /// The event's own time, never the clock's: a unique key of a partitioned table must include the partition column, so this time
    /// must be the same in every delivery.
    /// </param>
    /// <remarks>
    /// The inbox stops repeated messages for 30 days; the key stops repeated events for as long as their month is stored. The person may
    /// still be unknown. For an erased person the row is <c>suppressed</c>, so that the operator sees why nothing was sent.
    /// </remarks>
    public Task Add<TParameters>(
        UserId userId, NotificationCategory category, string template, string source, TParameters parameters, DateTimeOffset happenedAt, CancellationToken ct)
    {
        // Truncated to microseconds, the database's precision.
        var createdAt = happenedAt.ToUniversalTime();
        createdAt = createdAt.AddTicks(-(createdAt.Ticks % TimeSpan.TicksPerMicrosecond));

        var now = clock.GetUtcNow();
        return db.Database.ExecuteSqlAsync($"""
            with added as (
                insert into notifications (user_id, category, template, source, parameters, status, created_at, traceparent)
                values (
                    {userId.Value}, {EnumText.Of(category)}, {template}, {source}, {JsonSerializer.Serialize(parameters, EventJson.Options)}::jsonb,
                    case when exists (select from contacts where user_id = {userId.Value} and erased) then 'suppressed' else 'queued' end,
                    {createdAt}, {Activity.Current?.Id})
                on conflict (user_id, created_at, template, source) do nothing
                returning id, created_at, user_id, category, status
            )
            insert into queue (notification_id, created_at, user_id, category, bots, priority, queued_at, not_before)
            select id, created_at, user_id, category, {MessageTemplates.BotsOf(template)}, {(short)category}, {now}, {now}
            from added where status = 'queued'
            """, ct);
    }

    /// <summary>
    /// Queues one message for everyone whom it can reach: who has started one of its bots, has not blocked it and wants marketing. One
    /// statement, whatever their number.
    /// </summary>
    /// <returns>How many people that is.</returns>
    public Task<int> AddForAll<TParameters>(string template, string source, TParameters parameters, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var bots = MessageTemplates.BotsOf(template);
        return db.Database.ExecuteSqlAsync($"""
            with added as (
                insert into notifications (user_id, category, template, source, parameters, status, created_at, traceparent)
                select contact.user_id, {EnumText.Of(NotificationCategory.Marketing)}, {template}, {source},
                    {JsonSerializer.Serialize(parameters, EventJson.Options)}::jsonb, 'queued', {now}, {Activity.Current?.Id}
                from contacts contact
                where not contact.erased
                    and exists (
                        select from chats chat where chat.telegram_id = contact.telegram_id and chat.bot = any({bots}) and chat.blocked_at is null)
                    and not exists (select from preferences wish where wish.user_id = contact.user_id and not wish.marketing)
                on conflict (user_id, created_at, template, source) do nothing
                returning id, created_at, user_id, category
            )
            insert into queue (notification_id, created_at, user_id, category, bots, priority, queued_at, not_before)
            select id, created_at, user_id, category, {bots}, {(short)NotificationCategory.Marketing}, {now}, {now} from added
            """, ct);
    }

    /// <summary>Whether the person has started a bot that sends this template, and has not blocked it.</summary>
    public async Task<bool> CanReach(UserId userId, string template, CancellationToken ct)
    {
        var bots = MessageTemplates.BotsOf(template);
        return (await db.Database.SqlQuery<bool>($"""
            select exists (
                select from contacts contact join chats chat on chat.telegram_id = contact.telegram_id
                where contact.user_id = {userId.Value} and chat.bot = any({bots}) and chat.blocked_at is null)
            """).ToListAsync(ct)).Single();
    }

    /// <summary>Queues a notification again. Must run in a transaction.</summary>
    /// <returns>Its previous status; null if it does not exist or cannot be sent again.</returns>
    public async Task<NotificationStatus?> Requeue(NotificationId id, CancellationToken ct)
    {
        var found = await db
            .Rows<Notification>($"where id = {id.Value} for update")
            .AsNoTracking()
            .SingleOrDefaultAsync(ct);
        if (found is not { Status: NotificationStatus.Failed or NotificationStatus.Uncertain or NotificationStatus.Suppressed } notification
            || await db.Contacts.AnyAsync(contact => contact.UserId == notification.UserId && contact.Erased, ct))
        {
            return null;
        }

        var now = clock.GetUtcNow();
        await db.Database.ExecuteSqlAsync($"""
            with requeued as (
                update notifications set status = 'queued', error = null, not_before = null
                where id = {id.Value} and created_at = {notification.CreatedAt}
                returning id, created_at, user_id, category
            )
            insert into queue (notification_id, created_at, user_id, category, bots, priority, queued_at, not_before)
            select id, created_at, user_id, category, {MessageTemplates.BotsOf(notification.Template)}, {(short)notification.Category}, {now}, {now}
            from requeued
            """, ct);
        return notification.Status;
    }
}
