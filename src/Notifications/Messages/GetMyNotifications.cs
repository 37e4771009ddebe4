using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Notifications.Storage;
using Platform.Notifications.Texts;
using Platform.ServiceDefaults.Web;

namespace Platform.Notifications.Messages;

internal static class GetMyNotifications
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<Item> Items, string? Next);

    /// <param name="CreatedAt">When the event happened.</param>
    /// <param name="SentAt">When it was delivered; null until then.</param>
    public sealed record Item(
        NotificationId Id, NotificationCategory Category, string Template, string Text, NotificationStatus Status, DateTimeOffset CreatedAt,
        DateTimeOffset? SentAt)
    {
        internal static Item Of(Notification row, string? language) => new(
            row.Id, row.Category, row.Template, NotificationText.Render(row.Template, row.Parameters.RootElement, language), row.Status,
            row.CreatedAt, row.SentAt);
    }

    public static async Task<Ok<Response>> Handle(
        Caller caller, NotificationsDb db, CancellationToken ct, PageCursor? after = null, [Range(1, 100)] int limit = 50)
    {
        // A member of staff who is not a guest has no notifications.
        if (caller.UserId is not { } userId)
        {
            return TypedResults.Ok(new Response([], null));
        }

        var language = await db.Contacts.Where(contact => contact.UserId == userId).Select(contact => contact.Language).SingleOrDefaultAsync(ct);
        var page = await db.Notifications
            .Where(notification => notification.UserId == userId)
            .NewestFirst(after)
            .Take(limit + 1)
            .ToListAsync(ct);

        var items = page.Take(limit).Select(notification => Item.Of(notification, language)).ToList();
        return TypedResults.Ok(new Response(items, NotificationPages.Next(page, limit)));
    }

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The caller's notifications, newest first")
        .WithDescription("Texts are in the caller's language. Pass `next` from a page as `after` to get the following one.")
        .WithExample(null, new Response(
            [
                new(
                    new NotificationId(311),
                    NotificationCategory.Transactional,
                    "order_placed",
                    "Спасибо за заказ на 1\u00a0250,00 ₽! К оплате: 1\u00a0250,00 ₽. Начислено баллов: 12, списано: 0. На счету: 12.",
                    NotificationStatus.Queued,
                    new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero),
                    null),
            ],
            Next: null));
}
