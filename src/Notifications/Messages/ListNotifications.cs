using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Notifications.Storage;
using Platform.Notifications.Texts;
using Platform.ServiceDefaults.Web;

namespace Platform.Notifications.Messages;

internal static class ListNotifications
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<Item> Items, string? Next);

    /// <param name="FullName">Null until the person's registration event arrives.</param>
    /// <param name="CreatedAt">When the event happened.</param>
    /// <param name="Error">Why the last attempt failed.</param>
    public sealed record Item(
        NotificationId Id,
        UserId UserId,
        string? FullName,
        NotificationCategory Category,
        string Template,
        string Text,
        NotificationStatus Status,
        int Attempts,
        DateTimeOffset? NotBefore,
        DateTimeOffset CreatedAt,
        DateTimeOffset? SentAt,
        string? Error);

    public static async Task<Ok<Response>> Handle(
        NotificationsDb db,
        CancellationToken ct,
        // A string, because the framework only binds an enum from a query if it is spelled as in C#.
        [OneOf("queued", "sending", "sent", "failed", "suppressed", "uncertain")] string? status = null,
        PageCursor? after = null,
        [Range(1, 100)] int limit = 50)
    {
        NotificationStatus? wanted = status is null ? null : Enum.Parse<NotificationStatus>(status, ignoreCase: true);
        var page = await db.Notifications
            .Where(notification => wanted == null || notification.Status == wanted)
            .NewestFirst(after)
            .Take(limit + 1)
            .ToListAsync(ct);

        var people = page.Select(notification => notification.UserId).Distinct().ToList();
        var contacts = await db.Contacts.AsNoTracking().Where(contact => people.Contains(contact.UserId)).ToDictionaryAsync(contact => contact.UserId, ct);

        var items = page.Take(limit).Select(n =>
        {
            var contact = contacts.GetValueOrDefault(n.UserId);
            var text = NotificationText.Render(n.Template, n.Parameters.RootElement, contact?.Language);
            return new Item(
                n.Id, n.UserId, contact?.FullName, n.Category, n.Template, text, n.Status, n.Attempts, n.NotBefore, n.CreatedAt, n.SentAt, n.Error);
        }).ToList();
        return TypedResults.Ok(new Response(items, NotificationPages.Next(page, limit)));
    }

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("All notifications, newest first")
        .WithDescription("Filter by status to find failed and uncertain notifications, which a person has to look at.")
        .WithExample(null, new Response(
            [
                new(
                    new NotificationId(312),
                    new UserId(5),
                    "Anna Petrova",
                    NotificationCategory.Personal,
                    "level_changed",
                    "Congratulations, your new level is Silver!",
                    NotificationStatus.Failed,
                    Attempts: 3,
                    NotBefore: null,
                    new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero),
                    SentAt: null,
                    "Forbidden: bot was blocked by the user"),
            ],
            Next: "1768469400000000-312"));
}
