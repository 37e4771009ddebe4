using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.Notifications.Contacts;
using Platform.Notifications.Messages;
using Platform.Notifications.Storage;
using Platform.ServiceDefaults.Database;
using Platform.ServiceDefaults.Messaging;
using Platform.ServiceDefaults.Web;

namespace Platform.Notifications;

/// <summary>The table of contents: what the service is told, and what can be asked of it. It tells nothing yet.</summary>
internal static class NotificationsModule
{
    public static void ListEvents(Events events) => events
        .Handles<UserRegistered, KeepContact>()
        .Handles<OrderPlaced, NotifyOfOrder>()
        .Handles<LevelChanged, NotifyOfLevel>()
        .RefusesBlockedUsers<NotificationsDb>();

    public static void AddNotifications(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidation();
        builder.Services.AddMonthlyPartitions("notifications");
        builder.Services.AddScoped<NotificationQueue>();
        builder.Services.AddVerification("nobody is told of one thing twice", NotificationQueue.ToldTwice);
    }

    public static void MapNotifications(this IEndpointRouteBuilder app)
    {
        var notifications = app.MapGroup("/api/notifications").WithTags("Notifications");
        notifications.MapGet("/mine", GetMyNotifications.Handle).Describe(GetMyNotifications.Describe).RequireRole(Role.Client);
        notifications.MapGet("/", ListNotifications.Handle).Describe(ListNotifications.Describe).RequireRole(Role.Staff);
    }
}
