using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.AppHost;
using Platform.Contracts;

// What the user can fix is one line; anything else keeps its stack trace.
AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
{
    if (unhandled.ExceptionObject is DistributedApplicationException refusal)
    {
        Console.Error.WriteLine(refusal.Message);
        Environment.Exit(1);
    }
};

var ports = Ports.From(args);
var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
{
    Args = [.. ports.DashboardSettings, .. args],
    // Everything is on loopback and uses plain HTTP.
    AllowUnsecuredTransport = true,
    TrustDeveloperCertificate = false,
    DeveloperCertificateDefaultHttpsTerminationEnabled = false,
    EnableResourceLogging = true,
});
builder.Services.AddLogging(ResourceLines.Use);
// First, because Aspire starts its resources while a hosted service starts, and their failures must be seen.
builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, Supervisor>());

var settings = builder.Configuration;
var secrets = new Secrets(builder, ports);
var data = Path.GetFullPath(settings["DATA_FOLDER"] is { Length: > 0 } folder ? folder : ".data", Path.GetFullPath("..", builder.AppHostDirectory));

// Containers or Debian's own binaries, at the same addresses.
var (postgres, rabbitmq) = settings["SERVERS"] == "containers" ? builder.AddContainers(ports, secrets) : builder.AddLocalServers(ports, secrets, data);

// Runs before any service: roles, schemas, tables, queues, and in development the demo data.
var prepare = builder.AddPlatformProject("prepare", "Ops", "platform").RunOnce()
    .WithArgs(builder.Environment.IsDevelopment() && settings["DEMO"] != "off" ? ["prepare", "--demo"] : ["prepare"])
    .WithEnvironment("ConnectionStrings__postgres", secrets.Superuser)
    .WithEnvironment("ConnectionStrings__rabbitmq", secrets.Broker)
    .WithEnvironment("DATABASE_SECRET", secrets.Of("DATABASE_SECRET"))
    .WaitFor(postgres).WaitFor(rabbitmq);

// Without tokens the sandbox stands in for Telegram, and for the mail server too: real users must not wait for mails that
// end up in the sandbox.
var telegram = TelegramAccounts.From(settings, ports, mayEmulate: builder.Environment.IsDevelopment());
var mail = MailServer.From(settings, ports, mayEmulate: telegram.Emulated);
if (telegram.Emulated)
{
    var sandbox = builder.AddPlatformProject("sandbox", "Sandbox").KeepRunning()
        .WithHttpEndpoint(port: ports.Sandbox, isProxied: false)
        .WithHttpHealthCheck("/health/ready")
        .WithEnvironment("Logging__Files__Directory", Path.Combine(data, "logs"));
    telegram.DescribeTo(sandbox, secrets);
    mail.DescribeTo(sandbox);
}

// Services do not wait for each other: the gateway answers 503 for one that is down, and a restarted service must not hang
// on another.
var services = PlatformService.All.ToDictionary(service => service.Name, Service);
var (users, notifications, bots, gateway) = (services["users"], services["notifications"], services["bots"], services["gateway"]);
users
    .WithEnvironment("ADMIN_LOGIN", settings["ADMIN_LOGIN"])
    .WithEnvironment("ADMIN_PASSWORD", secrets.Of("ADMIN_PASSWORD"))
    .WithEnvironment("CARD_SECRET", secrets.Of("CARD_SECRET"));
mail.GiveTo(users, secrets);
telegram.GiveClientTokenTo(users, secrets);
telegram.GiveTo(notifications, secrets);
telegram.GiveTo(bots, secrets);
foreach (var withBotKeys in new[] { users, bots })
{
    withBotKeys
        .WithEnvironment("BOT_API_KEY_CLIENT", secrets.Of("BOT_API_KEY_CLIENT"))
        .WithEnvironment("BOT_API_KEY_BARISTA", secrets.Of("BOT_API_KEY_BARISTA"));
}

services["letters"].WithReference(services["billing"]);
gateway
    .WithEnvironment("Proxies", settings["Proxies"])
    .WithEnvironment("Gateway__SandboxAddress", telegram.Emulated ? "http://localhost:" + ports.Sandbox : null)
    .WithEnvironment("Gateway__DashboardAddress", "http://localhost:" + ports.Dashboard);
// The gateway calls the bots too, for their part of a personal export.
bots.WithReference(gateway);
foreach (var behindGateway in services.Values.Except([gateway]))
{
    // The gateway runs on this machine; trust what it reports as the caller's address.
    behindGateway.WithEnvironment("Proxies", "127.0.0.1,::1");
    gateway.WithReference(behindGateway);
}

// All services use the business's time zone.
if (settings["TIME_ZONE"] is { Length: > 0 } timeZone)
{
    foreach (var withDates in new[] { users, notifications, bots })
    {
        withDates.WithEnvironment("TIME_ZONE", timeZone);
    }
}

var platform = builder.Build();
if (builder.ExecutionContext.IsRunMode)
{
    ports.EnsureFree();
    ports.Write(Path.Combine(data, "addresses"), telegram.Emulated);
}

platform.Run();

IResourceBuilder<ProjectResource> Service(PlatformService service) =>
    builder.AddPlatformProject(service.Name, service.Project).KeepRunning()
        .WithHttpEndpoint(port: ports.Of(service), isProxied: false)
        .WithHttpHealthCheck("/health/ready")
        .WithEnvironment("ConnectionStrings__database", secrets.Database(service.Name))
        .WithEnvironment("ConnectionStrings__rabbitmq", secrets.Broker)
        .WithEnvironment("Logging__Files__Directory", Path.Combine(data, "logs"))
        .WaitForCompletion(prepare);
