using Platform.Contracts.Bots;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.Database;
using Platform.Database.Jobs;
using Platform.Messaging;
using Platform.Notifications.Contacts;
using Platform.Notifications.Delivery;
using Platform.Notifications.Messages;
using Platform.Notifications.Preferences;
using Platform.Notifications.Storage;
using Platform.ServiceDefaults.Telegram;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Notifications;

/// <summary>The service's table of contents: the events it handles, its checks and its routes. It publishes no events.</summary>
internal static class NotificationsModule
{
    public static void ListEvents(Events events) => events
        .Handles<UserRegistered, UpsertContact>()
        .Handles<UserUpdated, UpsertContact>()
        .Handles<BotStarted, OpenChat>()
        .Handles<OrderPlaced, NotifyOfOrder>()
        .Handles<OrderRefunded, NotifyOfRefund>()
        .Handles<LevelChanged, NotifyOfLevel>()
        .Handles<GiftIssued, NotifyOfGift>()
        .Handles<GiftRedeemed, NotifyOfGift>()
        .Handles<PointsChanged, NotifyOfPoints>()
        .Handles<PointsExpiring, NotifyOfPoints>()
        .Handles<ManagementReplied, NotifyOfReply>()
        .Handles<MembershipActivated, NotifyOfMembership>()
        .Handles<MembershipExpiring, NotifyOfMembership>()
        .Handles<MembershipExpired, NotifyOfMembership>()
        .Handles<UserErased, EraseContact>()
        .Handles<UserTokensRevoked, DeleteFormerChat>()
        .TracksRevokedUsers<NotificationsDb>()
        .PurgesErasedUsers<NotificationsDb>();

    public static void AddNotifications(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<NotificationsOptions>().BindConfiguration(NotificationsOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddOptions<TelegramSettings>().BindConfiguration("").ValidateDataAnnotations().ValidateOnStart();

        builder.Services.AddValidation();
        builder.AddBusinessClock();
        builder.Services.AddMonthlyPartitions("notifications");
        builder.Services.AddScoped<NotificationQueue>();
        builder.Services.AddSingleton<DeliveryQueue>();
        builder.Services.AddHostedService<SendNotifications>();
        builder.AddJob<DeletedChats>(every: TimeSpan.FromDays(1));
        builder.Services.AddVerification("no notification is a duplicate", NotificationQueue.Duplicates);
        builder.Services.AddVerification("queued and sending notifications are in the queue", DeliveryQueue.Mismatches);
    }

    public static void MapNotifications(this IEndpointRouteBuilder app)
    {
        var notifications = app.MapGroup("/api/notifications").WithTags("Notifications");
        notifications.MapGet("/mine", GetMyNotifications.Handle).Describe(GetMyNotifications.Describe).RequireRole(Role.Client);
        notifications.MapGet("/export", ExportMyData.Handle).Describe(ExportMyData.Describe).RequireRole(Role.Client).AllowBlocked();
        notifications.MapGet("/", ListNotifications.Handle).Describe(ListNotifications.Describe).RequireRole(Role.Staff);
        notifications.MapGet("/preferences", GetPreferences.Handle).Describe(GetPreferences.Describe).RequireRole(Role.Client);
        notifications.MapPut("/preferences", ChangePreferences.Handle).Describe(ChangePreferences.Describe).RequireRole(Role.Client);
        notifications.MapPost("/messages", SendMessage.Handle).Describe(SendMessage.Describe).RequireRole(Role.Staff).Idempotent<NotificationsDb>();
        notifications.MapPost("/{id}/retry", RetryNotification.Handle).Describe(RetryNotification.Describe)
            .RequireRole(Role.Staff).Idempotent<NotificationsDb>();
    }
}
