using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Notifications.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Notifications.Messages;

/// <summary>Everything that this service stores about the caller. Notifications may be many, so they are streamed.</summary>
internal static class ExportMyData
{
    /// <param name="Contact">Null until the registration event arrives, and for staff who are not guests.</param>
    /// <param name="Chats">The bots that the caller has started.</param>
    /// <param name="Preferences">Null while the caller has not changed any.</param>
    /// <param name="Notifications">All notifications that are still stored, newest first.</param>
    public sealed record Response(
        Person? Contact, Wishes? Preferences, IReadOnlyList<StartedChat> Chats, IAsyncEnumerable<GetMyNotifications.Item> Notifications);

    public sealed record Person(UserId UserId, TelegramId? TelegramId, string FullName, string Language, string? City, string? MemberId);

    public sealed record Wishes(bool Marketing, bool Reminders, DateTimeOffset ChangedAt);

    /// <param name="BlockedAt">When the person blocked the bot; null while it can write to them.</param>
    public sealed record StartedChat(string Bot, DateTimeOffset StartedAt, DateTimeOffset? BlockedAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Everything that this service stores about the caller")
        .WithExample(request: null, new
        {
            contact = new Person(new UserId(5), new TelegramId(1001), "Анна Смирнова", "ru", "Казань", "MNT-7KQ2M9X7"),
            preferences = new Wishes(Marketing: false, Reminders: true, new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero)),
            chats = new[] { new StartedChat("client", new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero), BlockedAt: null) },
            notifications = Array.Empty<GetMyNotifications.Item>(),
        });

    public static async Task<Ok<Response>> Handle(Caller caller, NotificationsDb db, CancellationToken ct)
    {
        var userId = caller.UserId;
        var person = await db.Contacts
            .Where(contact => contact.UserId == userId && !contact.Erased)
            .Select(contact => new Person(contact.UserId, contact.TelegramId, contact.FullName, contact.Language, contact.City, contact.MemberId))
            .SingleOrDefaultAsync(ct);
        var wishes = await db.Preferences
            .Where(preferences => preferences.UserId == userId)
            .Select(preferences => new Wishes(preferences.Marketing, preferences.Reminders, preferences.ChangedAt))
            .SingleOrDefaultAsync(ct);
        var chats = person?.TelegramId is not { } telegramId
            ? []
            : await db.Database.SqlQuery<StartedChat>($"""
                select bot as "Bot", started_at as "StartedAt", blocked_at as "BlockedAt" from chats where telegram_id = {telegramId.Value} order by bot
                """).ToListAsync(ct);
        return TypedResults.Ok(new Response(person, wishes, chats, NotificationsOf(db, userId, person?.Language, ct)));
    }

    private static async IAsyncEnumerable<GetMyNotifications.Item> NotificationsOf(
        NotificationsDb db, UserId? userId, string? language, [EnumeratorCancellation] CancellationToken ct)
    {
        var rows = db.Notifications.Where(notification => notification.UserId == userId).NewestFirst(after: null).AsAsyncEnumerable();
        await foreach (var notification in rows.WithCancellation(ct))
        {
            yield return GetMyNotifications.Item.Of(notification, language);
        }
    }
}
