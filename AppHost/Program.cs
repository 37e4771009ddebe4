using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.AppHost;
using Platform.Contracts;

// What a person can put right is told in one line; anything else keeps its stack.
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
    // Everything is on loopback and speaks plain HTTP.
    AllowUnsecuredTransport = true,
    TrustDeveloperCertificate = false,
    DeveloperCertificateDefaultHttpsTerminationEnabled = false,
    EnableResourceLogging = true,
});
builder.Services.AddLogging(ResourceLines.Use);
// First: Aspire starts its resources inside the start of a hosted service, and what fails there must be seen.
builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, Supervisor>());

var settings = builder.Configuration;
var secrets = new Secrets(builder, ports);
var data = Path.GetFullPath(settings["DATA_FOLDER"] is { Length: > 0 } folder ? folder : ".data", Path.GetFullPath("..", builder.AppHostDirectory));

// The servers: containers, or Debian's own binaries. Either way they are at the same addresses.
var (postgres, rabbitmq) = settings["SERVERS"] == "containers" ? builder.AddContainers(ports, secrets) : builder.AddLocalServers(ports, secrets, data);

// Before anything serves: roles, schemas, tables, queues; and in development a coffee chain with a beauty school to look at.
var prepare = builder.AddPlatformProject("prepare", "Ops", "platform").AsStep()
    .WithArgs(builder.Environment.IsDevelopment() && settings["DEMO"] != "off" ? ["prepare", "--demo"] : ["prepare"])
    .WithEnvironment("ConnectionStrings__postgres", secrets.Superuser)
    .WithEnvironment("ConnectionStrings__rabbitmq", secrets.Broker)
    .WithEnvironment("DATABASE_SECRET", secrets.Of("DATABASE_SECRET"))
    .WaitFor(postgres).WaitFor(rabbitmq);

// Telegram and a mail server, or what takes their place while nobody has given a token. Real people are not told to look for mails that
// end in the sandbox.
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

// The services, and the gateway, the one address that the world sees. None waits for another: what is away is a 503 of the gateway's, and a
// service that starts again must not hang on its neighbour.
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
foreach (var knowingBotKeys in new[] { users, bots })
{
    knowingBotKeys
        .WithEnvironment("BOT_API_KEY_CLIENT", secrets.Of("BOT_API_KEY_CLIENT"))
        .WithEnvironment("BOT_API_KEY_BARISTA", secrets.Of("BOT_API_KEY_BARISTA"));
}

services["letters"].WithReference(services["billing"]);
gateway
    .WithEnvironment("Proxies", settings["Proxies"])
    .WithEnvironment("Gateway__SandboxAddress", telegram.Emulated ? "http://localhost:" + ports.Sandbox : null)
    .WithEnvironment("Gateway__DashboardAddress", "http://localhost:" + ports.Dashboard);
// They are served by the gateway, and serve it their part of a person's export.
bots.WithReference(gateway);
foreach (var behindGateway in services.Values.Except([gateway]))
{
    // The gateway is on this machine, and what it says of a caller's address is believed.
    behindGateway.WithEnvironment("Proxies", "127.0.0.1,::1");
    gateway.WithReference(behindGateway);
}

// One place has one clock on its wall.
if (settings["TIME_ZONE"] is { Length: > 0 } timeZone)
{
    foreach (var tellingDays in new[] { users, notifications, bots })
    {
        tellingDays.WithEnvironment("TIME_ZONE", timeZone);
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
