using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Platform.Database.Jobs;

public static class JobExtensions
{
    /// <summary>Runs <typeparamref name="TJob"/> at start and then at each tick, on one replica of the service.</summary>
    /// <param name="every">
    /// From the start of one pass to the start of the next. A pass that takes longer delays the next; ticks missed meanwhile
    /// are made up for by one.
    /// </param>
    public static IHostApplicationBuilder AddJob<TJob>(this IHostApplicationBuilder builder, TimeSpan every) where TJob : class, IJob
    {
        builder.Services.TryAddScoped<TJob>();
        builder.Services.AddHostedService(services => new RecurringJob<TJob>(
            every,
            services.GetRequiredService<LeaderElection>(),
            services.GetRequiredService<IServiceScopeFactory>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<IMeterFactory>(),
            services.GetRequiredService<ILogger<RecurringJob<TJob>>>()));
        return builder;
    }
}
