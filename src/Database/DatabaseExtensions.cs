using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Console;
using Npgsql;
using Platform.Database.Jobs;

namespace Platform.Database;

public static class DatabaseExtensions
{
    /// <summary>
    /// Key of the <see cref="NpgsqlDataSource"/> that connects as the schema's owner: for migration steps, since no serving
    /// process is given <c>ConnectionStrings:owner</c>.
    /// </summary>
    public const string Owner = "owner";

    /// <summary>
    /// One <see cref="NpgsqlDataSource"/> that raw SQL and <typeparamref name="TDb"/> share, its health check, its traces and
    /// metrics, leader election, and the migrations that stand beside <typeparamref name="TDb"/>.
    /// </summary>
    /// <remarks>
    /// EF Core's retries are off. With them on, a commit whose acknowledgement was lost ran a second time: two ledger rows, and
    /// success reported. What may be repeated is repeated by whoever knows that it may.
    /// </remarks>
    public static IHostApplicationBuilder AddServiceDatabase<TDb>(this IHostApplicationBuilder builder) where TDb : ServiceDb
    {
        builder.AddServiceDatabase();
        builder.Services.AddDbContextPool<TDb>((services, options) => options.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>()));
        builder.EnrichNpgsqlDbContext<TDb>(settings =>
        {
            settings.DisableRetry = true;
            // The check below asks the same server through the same pool.
            settings.DisableHealthChecks = true;
        });
        builder.Services.AddSingleton(services => Migrator.Of<TDb>(services.GetRequiredService<ServiceConnections>()));
        return builder;
    }

    /// <summary>The same for a service that has a role in the database and no tables of its own.</summary>
    public static IHostApplicationBuilder AddServiceDatabase(this IHostApplicationBuilder builder)
    {
        DapperTypes.Register();
        var services = builder.Services;
        services.AddSingleton<ServiceConnections>();
        services.AddSingleton(provider =>
        {
            var connections = provider.GetRequiredService<ServiceConnections>();
            var source = new NpgsqlDataSourceBuilder(connections.ForPool());
            source.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
            foreach (var sqlEnum in provider.GetServices<SqlEnum>())
            {
                sqlEnum.Map(source, connections.Service);
            }

            return source.Build();
        });
        services.AddKeyedSingleton(Owner, (provider, _) => NpgsqlDataSource.Create(provider.GetRequiredService<ServiceConnections>().ForOwner()));
        services.AddSingleton(provider => new LeaderElection(
            provider.GetRequiredService<ServiceConnections>(), provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<ILogger<LeaderElection>>()));
        if (ServiceVerbs.HasVerb(Environment.GetCommandLineArgs().Skip(1)))
        {
            // What a verb prints is its answer, which a script may read; and nobody asked about queues.
            builder.Logging.AddFilter("MassTransit", LogLevel.Warning);
            services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        services.AddHealthChecks().AddCheck<DatabaseHealth>("database", timeout: TimeSpan.FromSeconds(5));
        return builder;
    }

    /// <summary>Something that <c>migrate apply</c> does after the schema stands, in the order of registration, each time and one runner at a time. Must be safe to repeat.</summary>
    public static IServiceCollection AddMigrationStep(
        this IServiceCollection services, string name, Func<IServiceProvider, CancellationToken, Task> run) =>
        services.AddSingleton(new MigrationStep(name, run));

    /// <summary>
    /// An enum type of the service's schema, in which a SQL function says its outcome: <c>code_used</c> is <c>CodeUsed</c>. A migration
    /// creates the type before the function. Entities do not use it: they store enums as text.
    /// </summary>
    /// <param name="type">Name of the type, without the schema.</param>
    public static IServiceCollection AddSqlEnum<TEnum>(this IServiceCollection services, string type) where TEnum : struct, Enum =>
        services.AddSingleton(new SqlEnum((source, schema) => source.MapEnum<TEnum>($"{schema}.{type}")));

    /// <summary>
    /// Something that must add up, checked by <c>verify</c>: a query that returns the rows that do not. The first is named with
    /// all its columns, so select what a person needs to find the fault, in a stable order.
    /// </summary>
    public static IServiceCollection AddVerification(this IServiceCollection services, string name, string offendingRowsSql) =>
        services.AddSingleton(new Verification(name, offendingRowsSql));

    /// <summary>
    /// Snapshots that <c>resync</c> publishes, so that a consumer added later catches up. They go through the outbox as every
    /// event does.
    /// </summary>
    /// <param name="publish">Gets a scope of its own and returns how many snapshots it published.</param>
    /// <param name="countSql">How many that would be, for a dry run.</param>
    public static IServiceCollection AddResync(
        this IServiceCollection services, string name, Func<IServiceProvider, CancellationToken, Task<long>> publish, string? countSql = null) =>
        services.AddSingleton(new Resync(name, publish, countSql));

    /// <summary>Data that <c>seed-demo</c> makes for a first look. Must be safe to repeat.</summary>
    /// <param name="seed">Gets a scope of its own and returns how many rows it added: 0 the second time.</param>
    public static IServiceCollection AddDemoSeed(this IServiceCollection services, string name, Func<IServiceProvider, CancellationToken, Task<long>> seed) =>
        services.AddSingleton(new DemoSeed(name, seed));

    /// <summary>
    /// Keeps a table that is partitioned by range of a <c>timestamptz</c> column in partitions by month: each <c>migrate</c>
    /// makes those of this month and the next 12, and a DEFAULT one that takes whatever falls outside.
    /// </summary>
    public static IServiceCollection AddMonthlyPartitions(this IServiceCollection services, string table) =>
        services.AddMigrationStep($"partitions of {table}", (provider, ct) =>
            MonthlyPartitions.Make(provider.GetRequiredKeyedService<NpgsqlDataSource>(Owner), table, provider.GetRequiredService<TimeProvider>().GetUtcNow(), ct));

    private sealed class DatabaseHealth(NpgsqlDataSource database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await using var command = database.CreateCommand("select 1");
                await command.ExecuteScalarAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, "The database does not answer.", e);
            }
        }
    }
}

internal sealed record SqlEnum(Action<NpgsqlDataSourceBuilder, string> Map);

internal sealed record MigrationStep(string Name, Func<IServiceProvider, CancellationToken, Task> Run);

internal sealed record Verification(string Name, string OffendingRowsSql);

internal sealed record Resync(string Name, Func<IServiceProvider, CancellationToken, Task<long>> Publish, string? CountSql);

internal sealed record DemoSeed(string Name, Func<IServiceProvider, CancellationToken, Task<long>> Seed);
