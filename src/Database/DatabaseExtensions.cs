using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Console;
using Npgsql;
using Platform.Database.Jobs;

namespace Platform.Database;

public static class DatabaseExtensions
{
    /// <summary>Service key of the <see cref="NpgsqlDataSource"/> of the schema's owner. Only for migration steps: serving processes have none.</summary>
    public const string Owner = "owner";

    /// <summary>
    /// Adds one <see cref="NpgsqlDataSource"/> for raw SQL and <typeparamref name="TDb"/>, its health check, traces and metrics,
    /// leader election, and the migrations in the assembly of <typeparamref name="TDb"/>.
    /// </summary>
    /// <remarks>EF Core's retries are off: they would repeat a commit whose acknowledgement was lost and write two ledger rows.</remarks>
    public static IHostApplicationBuilder AddServiceDatabase<TDb>(this IHostApplicationBuilder builder) where TDb : ServiceDb
    {
        builder.AddServiceDatabase();
        builder.Services.AddDbContextPool<TDb>((services, options) => options.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>()));
        builder.EnrichNpgsqlDbContext<TDb>(settings =>
        {
            settings.DisableRetry = true;
            // DatabaseHealth below checks the same pool.
            settings.DisableHealthChecks = true;
        });
        builder.Services.AddSingleton(services => Migrator.Of<TDb>(services.GetRequiredService<ServiceConnections>()));
        return builder;
    }

    /// <summary>The same for a service with a database role but no tables.</summary>
    public static IHostApplicationBuilder AddServiceDatabase(this IHostApplicationBuilder builder)
    {
        DapperTypes.Register();
        var services = builder.Services;
        services.AddSingleton<ServiceConnections>();
        services.AddSingleton(provider =>
        {
            var source = new NpgsqlDataSourceBuilder(provider.GetRequiredService<ServiceConnections>().ForPool());
            source.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
            return source.Build();
        });
        services.AddKeyedSingleton(Owner, (provider, _) => NpgsqlDataSource.Create(provider.GetRequiredService<ServiceConnections>().ForOwner()));
        services.AddSingleton(provider => new LeaderElection(
            provider.GetRequiredService<ServiceConnections>(), provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<ILogger<LeaderElection>>()));
        if (ServiceVerbs.HasVerb(Environment.GetCommandLineArgs().Skip(1)))
        {
            // A verb's standard output may be read by a script, so logs go to standard error.
            builder.Logging.AddFilter("MassTransit", LogLevel.Warning);
            services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        services.AddHealthChecks().AddCheck<DatabaseHealth>("database", timeout: TimeSpan.FromSeconds(5));
        return builder;
    }

    /// <summary>Each <c>migrate apply</c> runs these steps after the migrations, in order, in one process at a time. Must be safe to repeat.</summary>
    public static IServiceCollection AddMigrationStep(
        this IServiceCollection services, string name, Func<IServiceProvider, CancellationToken, Task> run) =>
        services.AddSingleton(new MigrationStep(name, run));

    /// <summary>Adds a check of <c>verify</c>: a query of the rows that break a rule, in a stable order. The first is printed with all its columns.</summary>
    public static IServiceCollection AddVerification(this IServiceCollection services, string name, string offendingRowsSql) =>
        services.AddSingleton(new Verification(name, offendingRowsSql));

    /// <summary>Adds snapshots that <c>resync</c> publishes through the outbox, so that a consumer added later catches up.</summary>
    /// <param name="publish">Runs in a new scope and returns the number of published snapshots.</param>
    /// <param name="countSql">Counts the snapshots, for a dry run.</param>
    public static IServiceCollection AddResync(
        this IServiceCollection services, string name, Func<IServiceProvider, CancellationToken, Task<long>> publish, string? countSql = null) =>
        services.AddSingleton(new Resync(name, publish, countSql));

    /// <summary>Adds demo data that <c>seed-demo</c> creates. Must be safe to repeat.</summary>
    /// <param name="seed">Runs in a new scope and returns the number of added rows: 0 the second time.</param>
    public static IServiceCollection AddDemoSeed(this IServiceCollection services, string name, Func<IServiceProvider, CancellationToken, Task<long>> seed) =>
        services.AddSingleton(new DemoSeed(name, seed));

    /// <summary>Makes monthly partitions by a <c>timestamptz</c>: each <c>migrate</c> adds this month, the next 12, and a default for all other rows.</summary>
    public static IServiceCollection AddMonthlyPartitions(this IServiceCollection services, string table) =>
        services.AddMigrationStep($"partitions of {table}", (provider, ct) =>
            MonthlyPartitions.Make(provider.GetRequiredKeyedService<NpgsqlDataSource>(Owner), table, provider.GetRequiredService<TimeProvider>()
                .GetUtcNow(), ct));

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

internal sealed record MigrationStep(string Name, Func<IServiceProvider, CancellationToken, Task> Run);

internal sealed record Verification(string Name, string OffendingRowsSql);

internal sealed record Resync(string Name, Func<IServiceProvider, CancellationToken, Task<long>> Publish, string? CountSql);

internal sealed record DemoSeed(string Name, Func<IServiceProvider, CancellationToken, Task<long>> Seed);
