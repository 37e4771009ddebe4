using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Notifications.Storage;
using Platform.Notifications.Texts;
using Platform.ServiceDefaults.Web;

namespace Platform.Notifications.Messages;

/// <summary>What a person was told, newest first, in the language that he has now.</summary>
internal static class GetMyNotifications
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<Item> Items, string? Next);

    /// <param name="CreatedAt">When that happened which it tells of.</param>
    /// <param name="SentAt">When it was delivered; null while it waits.</param>
    public sealed record Item(
        NotificationId Id, NotificationCategory Category, string Template, string Text, NotificationStatus Status, DateTimeOffset CreatedAt, DateTimeOffset? SentAt)
    {
        internal static Item Of(Notification told, string? language) => new(
            told.Id, told.Category, told.Template, NotificationText.Render(told.Template, told.Parameters.RootElement, language), told.Status, told.CreatedAt,
            told.SentAt);
    }

    public static async Task<Ok<Response>> Handle(
        Caller caller, NotificationsDb db, CancellationToken ct, PageCursor? after = null, [Range(1, 100)] int limit = 50)
    {
        // Staff may call it too, and one who is no guest himself has been told nothing.
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
        .WithSummary("What I was told, newest first")
        .WithDescription("Texts are in the person's language. Pass `next` from a page as `after` to get the following one.")
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
