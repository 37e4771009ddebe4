using Platform.Notifications;
using Platform.Notifications.Storage;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Database;
using Platform.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("notifications");
builder.AddServiceDatabase<NotificationsDb>();
builder.AddServiceMessaging<NotificationsDb>(NotificationsModule.ListEvents);
builder.AddNotifications();

var app = builder.Build();
app.UseServiceDefaults();
app.MapNotifications();
return await app.RunService(args);
