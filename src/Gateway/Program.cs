using Platform.Database;
using Platform.Gateway;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("gateway");
builder.AddServiceDatabase();
builder.AddGateway();

var app = builder.Build();
app.UseRequestChecks();
app.UseServiceDefaults();
app.MapGateway();
await app.RunAsync();
