using Platform.Database;
using Platform.Messaging;
using Platform.ServiceDefaults;
using Platform.Users;
using Platform.Users.Storage;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("users", createsKeys: true);
builder.AddPlatformDatabase<UsersDb>();
builder.AddServiceMessaging<UsersDb>(UsersModule.ListEvents);
builder.AddUsers();

var app = builder.Build();
app.UseServiceDefaults();
app.MapUsers();
return await app.RunService(args);
