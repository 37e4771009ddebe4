using System.Diagnostics;

namespace Platform.Testing;

/// <summary>The PostgreSQL and the RabbitMQ of this test run.</summary>
/// <param name="Run">Identifies the run, so that names never clash with those of an earlier one.</param>
/// <param name="Postgres">Connection string of the superuser, to the database <c>postgres</c>.</param>
public sealed record ServerAddresses(string Run, string Postgres, Uri RabbitMq, Uri RabbitMqManagement);

/// <summary>Shared by all test processes of a run: <c>./test</c> starts them and sets <c>TEST_*</c>. A project run alone starts its own.</summary>
public static class Servers
{
    private static readonly Lazy<Task<ServerAddresses>> Once = new(Find);

    // Keeps the pipe open. The servers stop when it closes, which a kill -9 of this process does too.
    private static readonly List<Process> Held = [];

    public static Task<ServerAddresses> Addresses => Once.Value;

    private static async Task<ServerAddresses> Find() =>
        Environment.GetEnvironmentVariable("TEST_POSTGRES") is { Length: > 0 } ? Read(Environment.GetEnvironmentVariable) : await Start();

    private static ServerAddresses Read(Func<string, string?> setting)
    {
        return new ServerAddresses(Of("TEST_RUN"), Of("TEST_POSTGRES"), new Uri(Of("TEST_RABBITMQ")), new Uri(Of("TEST_RABBITMQ_MANAGEMENT")));

        string Of(string name) => setting(name) ?? throw new InvalidOperationException($"TEST_POSTGRES is set, but {name} is missing.");
    }

    private static async Task<ServerAddresses> Start()
    {
        var start = new ProcessStartInfo(Repository.PathOf("tests", "Testing", "servers"))
        {
            ArgumentList = { Repository.PathOf("artifacts", "test-servers", $"{Environment.ProcessId}") },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var servers = Process.Start(start)!;
        Held.Add(servers);
        var errors = servers.StandardError.ReadToEndAsync();

        var settings = new Dictionary<string, string>();
        while (await servers.StandardOutput.ReadLineAsync() is { Length: > 0 } line)
        {
            var at = line.IndexOf('=', StringComparison.Ordinal);
            settings[line[..at]] = line[(at + 1)..];
        }

        return settings.Count > 0
            ? Read(name => settings.GetValueOrDefault(name))
            : throw new InvalidOperationException($"The test servers did not start. {await errors}");
    }
}
