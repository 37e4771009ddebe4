using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Platform.Database.Jobs;

public static class JobExtensions
{
    /// <summary>Runs <typeparamref name="TJob"/> at start-up and then periodically, on one replica of the service.</summary>
    /// <param name="every">From the start of one pass to the start of the next. A longer pass delays the next; missed ticks are merged into one.</param>
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
