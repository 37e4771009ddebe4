using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;
using Platform.Testing;
using RabbitMQ.Client;

namespace Platform.Benchmarks.Platform;

/// <summary>
/// The platform as <c>./run</c> starts it but in production, on a PostgreSQL that syncs to disk and its own RabbitMQ, on
/// loopback with free ports. Only the gateway's limits differ: they would slow down staff who place hundreds of orders a
/// minute each.
/// </summary>
internal sealed class MeasuredPlatform : IAsyncDisposable
{
    private static readonly string[] Services = ["users", "courses", "loyalty", "billing", "letters", "notifications"];

    // For the database roles, the broker, the certificate and everything else; worthless after the run.
    private readonly string _secret = RandomNumberGenerator.GetHexString(48);
    private readonly string _folder;
    private readonly int _postgres = Ports.Free();
    private readonly int _rabbitmq = Ports.Free();
    private readonly Dictionary<string, Uri> _addresses = [];

    private MeasuredPlatform(string folder)
    {
        _folder = folder;
        Processes = new Processes(Path.Combine(folder, "logs"));
        Database = NpgsqlDataSource.Create(Connection("postgres"));
    }

    public Processes Processes { get; }

    /// <summary>Connected as the superuser; names need their schema.</summary>
    public NpgsqlDataSource Database { get; }

    public Uri Broker => new($"amqp://bench:{_secret}@127.0.0.1:{_rabbitmq}");

    /// <summary>Direct address of a service or of the gateway.</summary>
    public Uri AddressOf(string service) => _addresses[service];

    public NpgsqlConnectionStringBuilder RoleOf(string service) => new(Connection(service));

    public static async Task<MeasuredPlatform> Start(string folder, CancellationToken ct)
    {
        var platform = new MeasuredPlatform(folder);
        try
        {
            await platform.StartServers(ct);
            await platform.Prepare(ct);
            await platform.StartServices(ct);
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    /// <summary>Settings that a program of the platform needs to read the token keys.</summary>
    public IEnumerable<KeyValuePair<string, string>> SettingsOf(string service) =>
    [
        new("DOTNET_ENVIRONMENT", "Production"),
        new("ASPNETCORE_ENVIRONMENT", "Production"),
        new("Keys:Certificate:Path", Certificate),
        new("Keys:Certificate:Password", _secret),
        new("ConnectionStrings:database", Connection(service)),
        new("ConnectionStrings:rabbitmq", Broker.ToString()),
    ];

    /// <summary>Waits until the work of the last measurement is done, so that the next one does not pay for it.</summary>
    public async Task WaitUntilIdle(CancellationToken ct)
    {
        await using var connection = await new ConnectionFactory { Uri = Broker }.CreateConnectionAsync(ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await Eventually.IsTrue(
            async () =>
            {
                await using var outbox = Database.CreateCommand("select exists (select from loyalty.outbox)");
                return await outbox.ExecuteScalarAsync(ct) is false && (await channel.QueueDeclarePassiveAsync("notifications", ct)).MessageCount == 0;
            },
            ct, TimeSpan.FromMinutes(5));
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Processes.DisposeAsync();
        Directory.Delete(Data, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private string Certificate => Path.Combine(Data, "keys.pfx");

    private string Connection(string role) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _postgres,
        Database = "platform",
        Username = role,
        Password = _secret,
        CommandTimeout = 300,
    }.ConnectionString;

    private async Task StartServers(CancellationToken ct)
    {
        Directory.CreateDirectory(Data);
        var management = Ports.Free();
        var postgres = Processes.Start(
            "postgres",
            [Repository.PathOf("infra", "local", "postgres"), "--data", Path.Combine(Data, "postgres"), "--port", $"{_postgres}"],
            [new("POSTGRES_PASSWORD", _secret)]);
        var rabbitmq = Processes.Start(
            "rabbitmq",
            [
                Repository.PathOf("infra", "local", "rabbitmq"), "--data", Path.Combine(Data, "rabbitmq"), "--port", $"{_rabbitmq}",
                "--management-port", $"{management}",
            ],
            [new("RABBITMQ_USER", "bench"), new("RABBITMQ_PASSWORD", _secret)]);
        await Ready(postgres, "postgres", async () =>
        {
            await using var connection = await Database.OpenConnectionAsync(ct);
        }, ct);
        await Ready(rabbitmq, "rabbitmq", async () =>
        {
            await using var connection = await new ConnectionFactory { Uri = Broker }.CreateConnectionAsync(ct);
        }, ct);
    }

    // With the programs that a deployment runs.
    private async Task Prepare(CancellationToken ct)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=bench", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        await File.WriteAllBytesAsync(Certificate, certificate.Export(X509ContentType.Pkcs12, _secret), ct);

        await Processes.RunProgram("provision", Repository.Program("Ops", "platform"), ["provision"],
        [
            new("ConnectionStrings:postgres", Connection("postgres")),
            new("Roles:gateway:Password", _secret),
            .. Services.Select(service => KeyValuePair.Create($"Roles:{service}:Password", _secret)),
            .. Services.Select(service => KeyValuePair.Create($"Roles:{service}:OwnerPassword", _secret)),
        ], ct);
        foreach (var service in Services)
        {
            await Processes.RunProgram($"{service}-migrate", ProgramOf(service), ["migrate"],
                [.. SettingsOf(service), new("ConnectionStrings:owner", Connection($"{service}_owner"))], ct);
        }
    }

    private async Task StartServices(CancellationToken ct)
    {
        foreach (var service in Services.Append("gateway"))
        {
            _addresses[service] = new Uri($"http://127.0.0.1:{Ports.Free()}");
        }

        KeyValuePair<string, string>[] secrets =
            [
                new("ADMIN_LOGIN", "bench"), new("ADMIN_PASSWORD", _secret), new("BOT_API_KEY_CLIENT", $"{_secret}0"),
                new("BOT_API_KEY_BARISTA", $"{_secret}1"), new("CARD_SECRET", $"{_secret}2"),
            ];
        var starting = Services.Select(service => StartService(service,
        [
            new("Proxies", "127.0.0.1,::1"),
            new("services:billing:http:0", _addresses["billing"].ToString()),
            .. service == "users" ? secrets : [],
        ], ct));
        await Task.WhenAll(starting);
        await StartService("gateway",
        [
            new("Proxies", "none"),
            .. Services.Select(service => KeyValuePair.Create($"services:{service}:http:0", _addresses[service].ToString())),
            new("Gateway:Limits:Reads", "1000000"),
            new("Gateway:Limits:Writes", "1000000"),
        ], ct);
    }

    private async Task StartService(string service, IEnumerable<KeyValuePair<string, string>> settings, CancellationToken ct)
    {
        var process = Processes.StartProgram(service, ProgramOf(service), [],
        [
            .. SettingsOf(service), .. settings,
            new("ASPNETCORE_URLS", _addresses[service].ToString()),
            new("Logging:Files:Directory", Path.Combine(_folder, "logs")),
        ]);
        using var client = new HttpClient { BaseAddress = _addresses[service] };
        await Ready(process, service, async () =>
        {
            using var ready = await client.GetAsync("/health/ready", ct);
            ready.EnsureSuccessStatusCode();
        }, ct);
    }

    private Task Ready(Process process, string name, Func<Task> answers, CancellationToken ct) => Eventually.Passes(
        () => process.HasExited
            ? throw new InvalidOperationException($"{name} ended with {process.ExitCode}: {Path.Combine(_folder, "logs")}")
            : answers(),
        ct, TimeSpan.FromMinutes(1));

    private static string ProgramOf(string service) => Repository.Program(char.ToUpperInvariant(service[0]) + service[1..]);
}
