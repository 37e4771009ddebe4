using Platform.Sandbox;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
if (!builder.Environment.IsDevelopment())
{
    // Anyone who reaches the sandbox can act for all its people.
    Console.Error.WriteLine("The sandbox starts in Development only: set ASPNETCORE_ENVIRONMENT=Development to run it.");
    return 1;
}

builder.AddObservability("sandbox");
builder.AddSandbox();

var app = builder.Build();
app.UseObservability();
app.UseSandbox();
await app.RunAsync();
return 0;
