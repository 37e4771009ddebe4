using Platform.Billing;
using Platform.Billing.Storage;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Database;
using Platform.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("billing");
builder.AddServiceDatabase<BillingDb>();
builder.AddServiceMessaging<BillingDb>(BillingModule.ListEvents);
builder.AddBilling();

var app = builder.Build();
app.UseServiceDefaults();
app.MapBilling();
return await app.RunService(args);
