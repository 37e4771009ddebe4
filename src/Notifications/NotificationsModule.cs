using Platform.Contracts.Bots;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.Database;
using Platform.Database.Jobs;
using Platform.Messaging;
using Platform.Notifications.Contacts;
using Platform.Notifications.Delivery;
using Platform.Notifications.Messages;
using Platform.Notifications.Storage;
using Platform.ServiceDefaults.Telegram;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Notifications;

/// <summary>The table of contents: what the service is told, what it sends, and what can be asked of it. It tells no other service anything.</summary>
internal static class NotificationsModule
{
    public static void ListEvents(Events events) => events
        .Handles<UserRegistered, KeepContact>()
        .Handles<UserUpdated, KeepContact>()
        .Handles<BotStarted, OpenChat>()
        .Handles<OrderPlaced, NotifyOfOrder>()
        .Handles<OrderRefunded, NotifyOfRefund>()
        .Handles<LevelChanged, NotifyOfLevel>()
        .Handles<MembershipActivated, NotifyOfMembership>()
        .Handles<MembershipExpiring, NotifyOfMembership>()
        .Handles<MembershipExpired, NotifyOfMembership>()
        .Handles<UserErased, EraseContact>()
        .Handles<UserTokensRevoked, ForgetFormerChat>()
        .RefusesBlockedUsers<NotificationsDb>()
        .ForgetsErasedUsers<NotificationsDb>();

    public static void AddNotifications(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<NotificationsOptions>().BindConfiguration(NotificationsOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddOptions<TelegramSettings>().BindConfiguration("").ValidateDataAnnotations().ValidateOnStart();

        builder.Services.AddValidation();
        builder.AddWallClock();
        builder.Services.AddMonthlyPartitions("notifications");
        builder.Services.AddScoped<NotificationQueue>();
        builder.Services.AddSingleton<DeliveryQueue>();
        builder.Services.AddHostedService<SendNotifications>();
        builder.AddJob<ForgottenChats>(every: TimeSpan.FromDays(1));
        builder.Services.AddVerification("nobody is told of one thing twice", NotificationQueue.ToldTwice);
        builder.Services.AddVerification("what waits or is being sent is in the queue", DeliveryQueue.OutOfStep);
    }

    public static void MapNotifications(this IEndpointRouteBuilder app)
    {
        var notifications = app.MapGroup("/api/notifications").WithTags("Notifications");
        notifications.MapGet("/mine", GetMyNotifications.Handle).Describe(GetMyNotifications.Describe).RequireRole(Role.Client);
        notifications.MapGet("/export", ExportMyData.Handle).Describe(ExportMyData.Describe).RequireRole(Role.Client).EvenWhenBlocked();
        notifications.MapGet("/", ListNotifications.Handle).Describe(ListNotifications.Describe).RequireRole(Role.Staff);
        notifications.MapPost("/{id}/retry", RetryNotification.Handle).Describe(RetryNotification.Describe).RequireRole(Role.Staff).Idempotent<NotificationsDb>();
    }
}
