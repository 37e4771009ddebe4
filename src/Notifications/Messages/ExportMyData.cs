using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Notifications.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Notifications.Messages;

/// <summary>Everything that this service holds of the caller. What he was told may be long: it is written as it is read.</summary>
internal static class ExportMyData
{
    /// <param name="Contact">Null while his registration is not known here yet, and for staff who are no guests.</param>
    /// <param name="Chats">The bots that may write to him.</param>
    /// <param name="Notifications">All that he was told, newest first, as far as it is kept.</param>
    public sealed record Response(Person? Contact, IReadOnlyList<StartedChat> Chats, IAsyncEnumerable<GetMyNotifications.Item> Notifications);

    public sealed record Person(UserId UserId, TelegramId? TelegramId, string FullName, string Language, string? City);

    /// <param name="BlockedAt">When he blocked the bot; null while it can write to him.</param>
    public sealed record StartedChat(string Bot, DateTimeOffset StartedAt, DateTimeOffset? BlockedAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Everything that is stored here of the caller")
        .WithExample(request: null, new
        {
            contact = new Person(new UserId(5), new TelegramId(1001), "Анна Смирнова", "ru", "Казань"),
            chats = new[] { new StartedChat("client", new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero), BlockedAt: null) },
            notifications = Array.Empty<GetMyNotifications.Item>(),
        });

    public static async Task<Ok<Response>> Handle(Caller caller, NotificationsDb db, CancellationToken ct)
    {
        var userId = caller.UserId;
        var person = await db.Contacts
            .Where(contact => contact.UserId == userId && !contact.Erased)
            .Select(contact => new Person(contact.UserId, contact.TelegramId, contact.FullName, contact.Language, contact.City))
            .SingleOrDefaultAsync(ct);
        var chats = person?.TelegramId is not { } telegramId
            ? []
            : await db.Database.SqlQuery<StartedChat>($"""
                select bot as "Bot", started_at as "StartedAt", blocked_at as "BlockedAt" from chats where telegram_id = {telegramId.Value} order by bot
                """).ToListAsync(ct);
        return TypedResults.Ok(new Response(person, chats, Told(db, userId, person?.Language, ct)));
    }

    private static async IAsyncEnumerable<GetMyNotifications.Item> Told(
        NotificationsDb db, UserId? userId, string? language, [EnumeratorCancellation] CancellationToken ct)
    {
        var told = db.Notifications.Where(notification => notification.UserId == userId).NewestFirst(after: null).AsAsyncEnumerable();
        await foreach (var notification in told.WithCancellation(ct))
        {
            yield return GetMyNotifications.Item.Of(notification, language);
        }
    }
}
