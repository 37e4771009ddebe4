using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Platform.AppHost;

/// <summary>PostgreSQL and RabbitMQ, in two ways of running them.</summary>
internal static class Servers
{
    public static (IResourceBuilder<IResource> Postgres, IResourceBuilder<IResource> RabbitMq) AddContainers(
        this IDistributedApplicationBuilder builder, Ports ports)
    {
        var (postgresPassword, user, password) = builder.AddPasswords();
        var postgres = builder.AddPostgres("postgres", password: postgresPassword, port: ports.Postgres).WithDataVolume();
        var rabbitmq = builder.AddRabbitMQ("rabbitmq", user, password, ports.RabbitMq).WithDataVolume().WithManagementPlugin(ports.RabbitMqManagement);
        return (postgres.AddDatabase("platform"), rabbitmq);
    }

    /// <summary>Debian's binaries, run by the scripts of <c>infra/local</c> with their data under <paramref name="data"/>.</summary>
    public static (IResourceBuilder<IResource> Postgres, IResourceBuilder<IResource> RabbitMq) AddLocalServers(
        this IDistributedApplicationBuilder builder, Ports ports, string data)
    {
        var (postgresPassword, user, password) = builder.AddPasswords();
        var scripts = Path.GetFullPath("../infra/local", builder.AppHostDirectory);

        var postgres = builder.AddExecutable("postgres", Path.Combine(scripts, "postgres"), scripts,
                "--data", Path.Combine(data, "postgres"), "--port", Text(ports.Postgres))
            .WithEnvironment("POSTGRES_PASSWORD", postgresPassword)
            .WithHealthCheck("postgres-answers").KeepRunning();
        var rabbitmq = builder.AddExecutable("rabbitmq", Path.Combine(scripts, "rabbitmq"), scripts,
                "--data", Path.Combine(data, "rabbitmq"), "--port", Text(ports.RabbitMq), "--management-port", Text(ports.RabbitMqManagement))
            .WithEnvironment("RABBITMQ_USER", user).WithEnvironment("RABBITMQ_PASSWORD", password)
            .WithHealthCheck("rabbitmq-listens").KeepRunning();

        var superuser = new NpgsqlConnectionStringBuilder(new DatabaseLogins(ports.Postgres, builder.Configuration).Superuser) { Pooling = false };
        builder.Services.AddHealthChecks()
            // Not a bare TCP connection: the server accepts those while it is still recovering from a crash.
            .AddAsyncCheck("postgres-answers", ct => Succeeds(async () =>
            {
                await using var connection = new NpgsqlConnection(superuser.ConnectionString);
                await connection.OpenAsync(ct);
            }))
            // RabbitMQ opens its port last of all.
            .AddAsyncCheck("rabbitmq-listens", ct => Succeeds(async () =>
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", ports.RabbitMq, ct);
            }));
        return (postgres, rabbitmq);
    }

    /// <summary>The broker's address as the services want it.</summary>
    public static string BrokerAddress(Ports ports, IConfiguration settings) =>
        $"amqp://{Uri.EscapeDataString(settings.Need("RABBITMQ_USER"))}:{Uri.EscapeDataString(settings.Need("RABBITMQ_PASSWORD"))}@127.0.0.1:{ports.RabbitMq}/";

    /// <summary>A setting that <c>./run</c> makes when nobody has given it.</summary>
    public static string Need(this IConfiguration settings, string key) =>
        settings[key] is { Length: > 0 } value ? value : throw new DistributedApplicationException($"{key} is not set. ./run makes it.");

    private static (IResourceBuilder<ParameterResource> Postgres, IResourceBuilder<ParameterResource> User, IResourceBuilder<ParameterResource> Password)
        AddPasswords(this IDistributedApplicationBuilder builder) => (
        builder.AddParameterFromConfiguration("postgres-password", "POSTGRES_PASSWORD", secret: true),
        builder.AddParameterFromConfiguration("rabbitmq-user", "RABBITMQ_USER"),
        builder.AddParameterFromConfiguration("rabbitmq-password", "RABBITMQ_PASSWORD", secret: true));

    private static async Task<HealthCheckResult> Succeeds(Func<Task> attempt)
    {
        try
        {
            await attempt();
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is NpgsqlException or SocketException)
        {
            return HealthCheckResult.Unhealthy(e.Message);
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
