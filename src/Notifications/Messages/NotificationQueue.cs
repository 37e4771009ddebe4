using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Messaging;
using Platform.Notifications.Storage;

namespace Platform.Notifications.Messages;

/// <summary>Puts a notification into the queue, once.</summary>
internal sealed class NotificationQueue(NotificationsDb db, TimeProvider clock)
{
    /// <summary>For <c>verify</c>: the key of the table is blind to an event that came again with another time.</summary>
    public const string ToldTwice = """
        select user_id, template, source, count(*) as times from notifications
        group by user_id, template, source
        having count(*) > 1
        order by user_id, template, source
        """;

    /// <param name="source">What it tells of, such as <c>order:17</c>; see <see cref="Notification.Source"/>.</param>
    /// <param name="happenedAt">
    /// The event's own time, never the clock's: a partitioned table can keep a key unique only together with the column that
    /// it is partitioned by, so this time must be the same in every delivery.
    /// </param>
    /// <remarks>
    /// The inbox stops a repeated message for 30 days; the key stops a repeated event for as long as its month is kept. The
    /// person need not be known yet: the event that tells of him may come later. Of one who was erased the row says
    /// <c>suppressed</c>, so that the operator sees why nothing was sent.
    /// </remarks>
    public Task Add<TParameters>(
        UserId userId, NotificationCategory category, string template, string source, TParameters parameters, DateTimeOffset happenedAt, CancellationToken ct)
    {
        // To the microsecond, as the database keeps it.
        var createdAt = happenedAt.ToUniversalTime();
        createdAt = createdAt.AddTicks(-(createdAt.Ticks % TimeSpan.TicksPerMicrosecond));

        var now = clock.GetUtcNow();
        return db.Database.ExecuteSqlAsync($"""
            with added as (
                insert into notifications (user_id, category, template, source, parameters, status, created_at, traceparent)
                values (
                    {userId.Value}, {TextOf(category)}, {template}, {source}, {JsonSerializer.Serialize(parameters, EventJson.Options)}::jsonb,
                    case when exists (select from contacts where user_id = {userId.Value} and erased) then 'suppressed' else 'queued' end,
                    {createdAt}, {Activity.Current?.Id})
                on conflict (user_id, created_at, template, source) do nothing
                returning id, created_at, user_id, category, status
            )
            insert into queue (notification_id, created_at, user_id, bots, priority, queued_at, not_before)
            select id, created_at, user_id, {MessageTemplates.BotsOf(template)}, case category when 'transactional' then 0 else 1 end, {now}, {now}
            from added where status = 'queued'
            """, ct);
    }

    /// <summary>Puts a notification into the queue once more. Needs a transaction around it.</summary>
    /// <returns>Its status until now; null when there is none, or none that can be sent again.</returns>
    public async Task<NotificationStatus?> PutBack(NotificationId id, CancellationToken ct)
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
            with again as (
                update notifications set status = 'queued', error = null, not_before = null
                where id = {id.Value} and created_at = {notification.CreatedAt}
                returning id, created_at, user_id, category
            )
            insert into queue (notification_id, created_at, user_id, bots, priority, queued_at, not_before)
            select id, created_at, user_id, {MessageTemplates.BotsOf(notification.Template)}, case category when 'transactional' then 0 else 1 end, {now}, {now}
            from again
            """, ct);
        return notification.Status;
    }

    private static string TextOf(NotificationCategory category) => category switch
    {
        NotificationCategory.Transactional => "transactional",
        NotificationCategory.Personal => "personal",
        _ => throw new ArgumentOutOfRangeException(nameof(category), category, "No such category."),
    };
}
