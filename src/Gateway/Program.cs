using Platform.Gateway;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Database;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("gateway");
builder.AddServiceDatabase();
builder.AddGateway();

var app = builder.Build();
app.UseRequestChecks();
app.UseServiceDefaults();
app.MapGateway();
await app.RunAsync();
