using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Database;
using Platform.ServiceDefaults.Messaging;
using Platform.Users;
using Platform.Users.Storage;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("users", createsKeys: true);
builder.AddServiceDatabase<UsersDb>();
builder.AddServiceMessaging<UsersDb>(UsersModule.ListEvents);
builder.AddUsers();

var app = builder.Build();
app.UseServiceDefaults();
app.MapUsers();
return await app.RunService(args);
