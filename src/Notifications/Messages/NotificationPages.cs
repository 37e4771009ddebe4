using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;

namespace Platform.Notifications.Messages;

/// <summary>Pages of notifications, newest first. One extra row is read to see whether there is a next page.</summary>
internal static class NotificationPages
{
    public static IQueryable<Notification> NewestFirst(this IQueryable<Notification> notifications, PageCursor? after)
    {
        if (after is { } cursor)
        {
            notifications = notifications.Where(n =>
                EF.Functions.LessThan(ValueTuple.Create(n.CreatedAt, n.Id), ValueTuple.Create(cursor.At, new NotificationId(cursor.Id))));
        }

        return notifications.AsNoTracking().OrderByDescending(n => n.CreatedAt).ThenByDescending(n => n.Id);
    }

    public static string? Next(IReadOnlyList<Notification> read, int limit) =>
        read.Count > limit ? new PageCursor(read[limit - 1].CreatedAt, read[limit - 1].Id.Value).ToString() : null;
}
