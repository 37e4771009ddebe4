using Microsoft.EntityFrameworkCore;

namespace Platform.Notifications.Messages;

/// <summary>Pages of notifications, newest first. One extra row is read to see whether there is a next page.</summary>
internal static class NotificationPages
{
    public static IQueryable<Notification> NewestFirst(this IQueryable<Notification> notifications, NotificationCursor? after)
    {
        if (after is { } cursor)
        {
            notifications = notifications.Where(n =>
                EF.Functions.LessThan(ValueTuple.Create(n.CreatedAt, n.Id), ValueTuple.Create(cursor.CreatedAt, cursor.Id)));
        }

        return notifications.AsNoTracking().OrderByDescending(n => n.CreatedAt).ThenByDescending(n => n.Id);
    }

    public static string? Next(IReadOnlyList<Notification> read, int limit) =>
        read.Count > limit ? new NotificationCursor(read[limit - 1].CreatedAt, read[limit - 1].Id).ToString() : null;
}
