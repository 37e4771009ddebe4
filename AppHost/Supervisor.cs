using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.AppHost;

internal static class SupervisorExtensions
{
    /// <summary>Starts it again whenever it ends by accident, that is with an exit code other than 0.</summary>
    public static IResourceBuilder<T> KeepRunning<T>(this IResourceBuilder<T> builder)
        where T : IResource =>
        builder.WithAnnotation(new Duty(EndsBySuccess: false));

    /// <summary>Runs once; if it fails, so does the start of everything.</summary>
    public static IResourceBuilder<T> AsStep<T>(this IResourceBuilder<T> builder)
        where T : IResource =>
        builder.WithAnnotation(new Duty(EndsBySuccess: true));
}

internal sealed record Duty(bool EndsBySuccess) : IResourceAnnotation;

/// <summary>
/// What Aspire leaves to a person at its dashboard. A process that died is started again after a second; one that keeps failing before it
/// was ever ready, after two, four, up to half a minute. A failed step ends the app host.
/// </summary>
internal sealed partial class Supervisor(
    ResourceNotificationService notifications,
    ResourceCommandService commands,
    IHostApplicationLifetime application,
    ILogger<Supervisor> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>What the orchestrator reports of a process that a signal ended: somebody's <c>kill</c>, or a crash of its own.</summary>
    private const int Killed = -1;

    /// <summary>Several kills in a row are taken for somebody's; after that it looks like a crash.</summary>
    private const int ForgivenKills = 3;

    private readonly Dictionary<IResource, Life> _lives = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, application.ApplicationStopping);
        var restarts = new List<Task>();
        try
        {
            await foreach (var happened in notifications.WatchAsync(stopping.Token))
            {
                if (happened.Resource.Annotations.OfType<Duty>().SingleOrDefault() is { } duty)
                {
                    Follow(happened.Resource, duty, happened.Snapshot);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Task.WhenAll(restarts);
        }

        void Follow(IResource resource, Duty duty, CustomResourceSnapshot now)
        {
            var life = _lives.GetValueOrDefault(resource, new Life(Ended: false, Failures: 0));
            if (now.State?.Text == KnownResourceStates.Running && (life.Ended || now.HealthStatus == HealthStatus.Healthy))
            {
                // What was ready once does not fail for the way it was started.
                _lives[resource] = new Life(Ended: false, now.HealthStatus == HealthStatus.Healthy ? 0 : life.Failures);
            }
            // The same end may be reported more than once.
            else if (now.ExitCode is { } code && code != 0 && !life.Ended)
            {
                var pause = PauseAfter(code == Killed ? life.Failures - ForgivenKills : life.Failures);
                _lives[resource] = new Life(Ended: true, life.Failures + 1);
                if (duty.EndsBySuccess)
                {
                    LogStepFailed(resource.Name, code);
                    Environment.ExitCode = 1;
                    application.StopApplication();
                }
                else
                {
                    LogRestart(resource.Name, code, pause);
                    restarts.RemoveAll(restart => restart.IsCompleted);
                    restarts.Add(Restart(resource, pause, stopping.Token));
                }
            }
        }
    }

    private static TimeSpan PauseAfter(int failures) =>
        TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Clamp(failures, 0, 10)));

    private async Task Restart(IResource resource, TimeSpan pause, CancellationToken ct)
    {
        try
        {
            await Task.Delay(pause, ct);
            var result = await commands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, ct);
            if (!result.Success)
            {
                LogNotRestarted(resource.Name, result.Message);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Resource} died with exit code {ExitCode}; it starts again in {Pause}.")]
    private partial void LogRestart(string resource, int exitCode, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Resource} could not be started again: {Reason}")]
    private partial void LogNotRestarted(string resource, string? reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Resource} failed with exit code {ExitCode}, so nothing can run. Its own lines above say why.")]
    private partial void LogStepFailed(string resource, int exitCode);

    /// <param name="Failures">How often in a row it ended before it was ready.</param>
    private sealed record Life(bool Ended, int Failures);
}
