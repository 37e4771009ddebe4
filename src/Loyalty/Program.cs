using Platform.Loyalty;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Database;
using Platform.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("loyalty");
builder.AddServiceDatabase<LoyaltyDb>();
builder.AddServiceMessaging<LoyaltyDb>(LoyaltyModule.ListEvents);
builder.AddLoyalty();

var app = builder.Build();
app.UseServiceDefaults();
app.MapLoyalty();
return await app.RunService(args);
