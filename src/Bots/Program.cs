using Platform.Bots;
using Platform.Bots.Storage;
using Platform.Database;
using Platform.Messaging;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("bots");
builder.AddPlatformDatabase<BotsDb>();
builder.AddServiceMessaging<BotsDb>(BotsModule.ListEvents);
builder.AddBots();

var app = builder.Build();
app.UseServiceDefaults();
app.MapBots();
return await app.RunService(args);
