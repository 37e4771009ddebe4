using Platform.Database;
using Platform.Messaging;
using Platform.Notifications;
using Platform.Notifications.Storage;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("notifications");
builder.AddPlatformDatabase<NotificationsDb>();
builder.AddServiceMessaging<NotificationsDb>(NotificationsModule.ListEvents);
builder.AddNotifications();

var app = builder.Build();
app.UseServiceDefaults();
app.MapNotifications();
return await app.RunService(args);
