using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.AppHost;

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
    // Everything is on loopback.
    AllowUnsecuredTransport = true,
    EnableResourceLogging = true,
});
builder.Services.AddLogging(ResourceLines.Use);

// A process gets the secrets that it is given below, and not through its environment all that the app host was given.
var settings = builder.Configuration;
foreach (var secret in (string[])[
    "ADMIN_PASSWORD", "BOT_API_KEY_BARISTA", "BOT_API_KEY_CLIENT", "CARD_SECRET", "DATABASE_SECRET", "POSTGRES_PASSWORD", "RABBITMQ_PASSWORD",
    "SMTP_URL", "TELEGRAM_TOKEN_BARISTA", "TELEGRAM_TOKEN_CLIENT"])
{
    Environment.SetEnvironmentVariable(secret, null);
}

var data = Path.GetFullPath("../.data", builder.AppHostDirectory);
var logins = new DatabaseLogins(ports.Postgres, settings);

// The servers: containers, or Debian's own binaries. Either way they are at the same addresses.
var (postgres, rabbitmq) = settings["SERVERS"] == "containers" ? builder.AddContainers(ports) : builder.AddLocalServers(ports, data);
var broker = Servers.BrokerAddress(ports, settings);

// Before anything serves: the roles and schemas, then each service's tables and queues.
var provision = builder.AddProject<Projects.Ops>("provision").WithArgs("provision").AsStep()
    .WithEnvironment("ConnectionStrings__postgres", logins.Superuser)
    .WaitFor(postgres);
foreach (var role in DatabaseLogins.WithSchema.Concat(DatabaseLogins.WithoutSchema))
{
    provision.WithEnvironment($"Roles__{role}__Password", logins.PasswordOf(role));
}

foreach (var role in DatabaseLogins.WithSchema)
{
    provision.WithEnvironment($"Roles__{role}__OwnerPassword", logins.PasswordOf($"{role}_owner"));
}

var migrations = new[]
{
    Migrate<Projects.Users>("users"), Migrate<Projects.Courses>("courses"), Migrate<Projects.Loyalty>("loyalty"), Migrate<Projects.Billing>("billing"),
    Migrate<Projects.Letters>("letters"), Migrate<Projects.Notifications>("notifications"), Migrate<Projects.Bots>("bots"),
};

// A coffee chain with a beauty school to look at: guests, baristas, a year of orders, courses, what was spent of credits.
if (builder.Environment.IsDevelopment() && settings["DEMO"] != "off")
{
    SeedDemo<Projects.Users>("users");
    SeedDemo<Projects.Courses>("courses");
    SeedDemo<Projects.Loyalty>("loyalty");
    SeedDemo<Projects.Billing>("billing");
}

// Telegram and a mail server, or what takes their place while nobody has given a token. Who talks to real people does not tell them to
// look for mails that end in the sandbox.
var telegram = TelegramAccounts.From(settings, ports, mayEmulate: builder.Environment.IsDevelopment());
var mail = MailServer.From(settings, ports, mayEmulate: telegram.Emulated);
if (telegram.Emulated)
{
    var sandbox = builder.AddProject<Projects.Sandbox>("sandbox").KeepRunning()
        .WithHttpEndpoint(port: ports.Sandbox, isProxied: false)
        .WithHttpHealthCheck("/health/ready")
        .WithEnvironment("Logging__Files__Directory", Path.Combine(data, "logs"));
    telegram.DescribeTo(sandbox);
    mail.DescribeTo(sandbox);
}

// The services, and the one address that the world sees.
var users = Service<Projects.Users>("users", ports.Users)
    .WithEnvironment("ADMIN_LOGIN", settings["ADMIN_LOGIN"])
    .WithEnvironment("ADMIN_PASSWORD", settings["ADMIN_PASSWORD"])
    .WithEnvironment("BOT_API_KEY_CLIENT", settings["BOT_API_KEY_CLIENT"])
    .WithEnvironment("BOT_API_KEY_BARISTA", settings["BOT_API_KEY_BARISTA"])
    .WithEnvironment("CARD_SECRET", settings["CARD_SECRET"]);
telegram.GiveClientTokenTo(users);
mail.GiveTo(users);
var courses = Service<Projects.Courses>("courses", ports.Courses);
var loyalty = Service<Projects.Loyalty>("loyalty", ports.Loyalty);
var billing = Service<Projects.Billing>("billing", ports.Billing);
// Asks billing, and can say what it could not ask: it waits for nobody.
var letters = Service<Projects.Letters>("letters", ports.Letters).WithReference(billing);
var notifications = telegram.GiveTo(Service<Projects.Notifications>("notifications", ports.Notifications));
var bots = telegram.GiveTo(Service<Projects.Bots>("bots", ports.Bots))
    .WithEnvironment("BOT_API_KEY_CLIENT", settings["BOT_API_KEY_CLIENT"])
    .WithEnvironment("BOT_API_KEY_BARISTA", settings["BOT_API_KEY_BARISTA"]);

var gateway = Service<Projects.Gateway>("gateway", ports.Gateway)
    .WithEnvironment("Proxies", settings["Proxies"])
    .WithEnvironment("Gateway__SandboxAddress", telegram.Emulated ? "http://localhost:" + ports.Sandbox : null)
    .WithEnvironment("Gateway__DashboardAddress", "http://localhost:" + ports.Dashboard);
foreach (var behindGateway in new[] { users, courses, loyalty, billing, letters, notifications, bots })
{
    // The gateway is on this machine, and what it says of a caller's address is believed.
    behindGateway.WithEnvironment("Proxies", "127.0.0.1,::1");
    gateway.WithReference(behindGateway);
}

foreach (var answering in new[] { users, courses, loyalty, billing, letters, notifications })
{
    gateway.WaitFor(answering);
}

// One place has one clock on its wall.
if (settings["TIME_ZONE"] is { Length: > 0 } timeZone)
{
    foreach (var tellingDays in new[] { users, notifications, bots })
    {
        tellingDays.WithEnvironment("TIME_ZONE", timeZone);
    }
}

// They are served by the gateway, and serve it their part of a person's export.
bots.WithReference(gateway);

builder.Services.AddHostedService<Supervisor>();
var platform = builder.Build();
ports.EnsureFree();
ports.Write(Path.Combine(data, "addresses"), telegram.Emulated);
platform.Run();

IResourceBuilder<ProjectResource> Migrate<TProject>(string service)
    where TProject : IProjectMetadata, new() =>
    builder.AddProject<TProject>($"{service}-migrate").WithArgs("migrate").AsStep()
        .WithEnvironment("ConnectionStrings__owner", logins.For($"{service}_owner"))
        .WithEnvironment("ConnectionStrings__database", logins.For(service))
        .WithEnvironment("ConnectionStrings__rabbitmq", broker)
        .WaitForCompletion(provision)
        .WaitFor(rabbitmq);

void SeedDemo<TProject>(string service)
    where TProject : IProjectMetadata, new()
{
    var seed = builder.AddProject<TProject>($"{service}-demo").WithArgs("seed-demo").AsStep()
        .WithEnvironment("ConnectionStrings__database", logins.For(service))
        .WithEnvironment("ConnectionStrings__rabbitmq", broker);
    foreach (var migration in migrations)
    {
        seed.WaitForCompletion(migration);
    }
}

IResourceBuilder<ProjectResource> Service<TProject>(string name, int port)
    where TProject : IProjectMetadata, new()
{
    var service = builder.AddProject<TProject>(name).KeepRunning()
        .WithHttpEndpoint(port: port, isProxied: false)
        .WithHttpHealthCheck("/health/ready")
        .WithEnvironment("ConnectionStrings__database", logins.For(name))
        .WithEnvironment("ConnectionStrings__rabbitmq", broker)
        .WithEnvironment("Logging__Files__Directory", Path.Combine(data, "logs"));
    return migrations.Aggregate(service, (waiting, migration) => waiting.WaitForCompletion(migration));
}
