using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Platform.Database.Jobs;

/// <summary>Runs a job when this replica becomes its leader, then periodically.</summary>
internal sealed partial class RecurringJob<TJob> : BackgroundService where TJob : class, IJob
{
    private static readonly string Name = typeof(TJob).Name;

    private readonly LeaderElection _election;
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeSpan _every;
    private readonly TimeProvider _clock;
    private readonly ILogger<RecurringJob<TJob>> _log;
    private readonly Histogram<double> _duration;

    public RecurringJob(
        TimeSpan every, LeaderElection election, IServiceScopeFactory scopes, TimeProvider clock, IMeterFactory meters, ILogger<RecurringJob<TJob>> log)
    {
        _every = every;
        _election = election;
        _scopes = scopes;
        _clock = clock;
        _log = log;
        _duration = meters.Create("Platform.Jobs").CreateHistogram<double>(
            "platform.job.duration", unit: "s", description: "How long a pass of a recurring job took, by its outcome.");
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _election.Lead(Name, RunAtEachTick, stoppingToken);

    private async Task RunAtEachTick(LeaderConnection connection, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(_every, _clock);
        do
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                await using var scope = _scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<TJob>().Run(ct);
                Record(started, "done");
            }
            // Not "is not OperationCanceledException": an HTTP timeout is one too, and would end the job for good.
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                Record(started, "failed");
                LogFailed(e, Name, _every);
            }
        }
        while (await timer.WaitForNextTickAsync(ct));
    }

    private void Record(long started, string outcome) => _duration.Record(
        Stopwatch.GetElapsedTime(started).TotalSeconds,
        new KeyValuePair<string, object?>("job", Name),
        new KeyValuePair<string, object?>("outcome", outcome));

    [LoggerMessage(Level = LogLevel.Error, Message = "{Job} failed. It runs again in {Every}.")]
    private partial void LogFailed(Exception fault, string job, TimeSpan every);
}
