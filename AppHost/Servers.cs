using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Platform.AppHost;

internal static class Servers
{
    public static (IResourceBuilder<IResource> Postgres, IResourceBuilder<IResource> RabbitMq) AddContainers(
        this IDistributedApplicationBuilder builder, Ports ports, Secrets secrets)
    {
        var (postgresPassword, user, password) = builder.AddPasswords(secrets);
        var postgres = builder.AddPostgres("postgres", password: postgresPassword, port: ports.Postgres).WithDataVolume();
        var rabbitmq = builder.AddRabbitMQ("rabbitmq", user, password, ports.RabbitMq).WithDataVolume().WithManagementPlugin(ports.RabbitMqManagement);
        return (postgres.AddDatabase("platform"), rabbitmq);
    }

    /// <summary>Debian's binaries, run by the scripts in <c>infra/local</c> with their data under <paramref name="data"/>.</summary>
    public static (IResourceBuilder<IResource> Postgres, IResourceBuilder<IResource> RabbitMq) AddLocalServers(
        this IDistributedApplicationBuilder builder, Ports ports, Secrets secrets, string data)
    {
        var (postgresPassword, user, password) = builder.AddPasswords(secrets);
        var scripts = Path.GetFullPath("../infra/local", builder.AppHostDirectory);

        var postgres = builder.AddExecutable("postgres", Path.Combine(scripts, "postgres"), scripts,
                "--data", Path.Combine(data, "postgres"), "--port", Text(ports.Postgres))
            .WithEnvironment("POSTGRES_PASSWORD", postgresPassword)
            .WithHealthCheck("postgres-answers").KeepRunning();
        var rabbitmq = builder.AddExecutable("rabbitmq", Path.Combine(scripts, "rabbitmq"), scripts,
                "--data", Path.Combine(data, "rabbitmq"), "--port", Text(ports.RabbitMq), "--management-port", Text(ports.RabbitMqManagement))
            .WithEnvironment("RABBITMQ_USER", user).WithEnvironment("RABBITMQ_PASSWORD", password)
            .WithHealthCheck("rabbitmq-listens").KeepRunning();

        var superuser = new NpgsqlConnectionStringBuilder(secrets.SuperuserLogin) { Pooling = false };
        builder.Services.AddHealthChecks()
            // Not a bare TCP connection: the server accepts those while it still recovers from a crash.
            .AddAsyncCheck("postgres-answers", ct => Succeeds(async () =>
            {
                await using var connection = new NpgsqlConnection(superuser.ConnectionString);
                await connection.OpenAsync(ct);
            }))
            // RabbitMQ opens its port last.
            .AddAsyncCheck("rabbitmq-listens", ct => Succeeds(async () =>
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", ports.RabbitMq, ct);
            }));
        return (postgres, rabbitmq);
    }

    private static (IResourceBuilder<ParameterResource> Postgres, IResourceBuilder<ParameterResource> User, IResourceBuilder<ParameterResource> Password)
        AddPasswords(this IDistributedApplicationBuilder builder, Secrets secrets) => (
        secrets.Of("POSTGRES_PASSWORD"),
        builder.AddParameterFromConfiguration("rabbitmq-user", "RABBITMQ_USER"),
        secrets.Of("RABBITMQ_PASSWORD"));

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
