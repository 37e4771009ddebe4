using Platform.Bots;
using Platform.Bots.Storage;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Database;
using Platform.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("bots");
builder.AddServiceDatabase<BotsDb>();
builder.AddServiceMessaging<BotsDb>(BotsModule.ListEvents);
builder.AddBots();

var app = builder.Build();
app.UseServiceDefaults();
app.MapBots();
return await app.RunService(args);
