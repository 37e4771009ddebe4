using Platform.Sandbox;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
if (!builder.Environment.IsDevelopment())
{
    // Whoever reaches it may speak for everybody.
    Console.Error.WriteLine("The sandbox starts in Development only: set ASPNETCORE_ENVIRONMENT=Development where it is wanted.");
    return 1;
}

builder.AddObservability("sandbox");
builder.AddSandbox();

var app = builder.Build();
app.UseObservability();
app.UseSandbox();
await app.RunAsync();
return 0;
