using Platform.Database;
using Platform.Loyalty;
using Platform.Loyalty.Storage;
using Platform.Messaging;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("loyalty");
builder.AddPlatformDatabase<LoyaltyDb>();
builder.AddServiceMessaging<LoyaltyDb>(LoyaltyModule.ListEvents);
builder.AddLoyalty();

var app = builder.Build();
app.UseServiceDefaults();
app.MapLoyalty();
return await app.RunService(args);
