using Platform.Billing;
using Platform.Billing.Storage;
using Platform.Database;
using Platform.Messaging;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("billing");
builder.AddPlatformDatabase<BillingDb>();
builder.AddServiceMessaging<BillingDb>(BillingModule.ListEvents);
builder.AddBilling();

var app = builder.Build();
app.UseServiceDefaults();
app.MapBilling();
return await app.RunService(args);
