using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.AppHost;

internal static class SupervisorExtensions
{
    /// <summary>Restarts the resource whenever it ends with an exit code other than 0.</summary>
    public static IResourceBuilder<T> KeepRunning<T>(this IResourceBuilder<T> builder)
        where T : IResource =>
        builder.WithAnnotation(new RestartPolicy(RunsOnce: false));

    /// <summary>Runs once. If it fails, the app host stops.</summary>
    public static IResourceBuilder<T> RunOnce<T>(this IResourceBuilder<T> builder)
        where T : IResource =>
        builder.WithAnnotation(new RestartPolicy(RunsOnce: true));
}

internal sealed record RestartPolicy(bool RunsOnce) : IResourceAnnotation;

/// <summary>Restarts processes, which Aspire leaves to its users: after a second, then two, up to thirty. A failed step ends the app host.</summary>
internal sealed partial class Supervisor(
    ResourceNotificationService notifications,
    ResourceCommandService commands,
    IHostApplicationLifetime application,
    ILogger<Supervisor> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Reported for a process that was ended by a signal: a <c>kill</c> from outside, or a crash.</summary>
    private const int Killed = -1;

    /// <summary>A few kills in a row are taken for deliberate; after that they count as crashes.</summary>
    private const int ToleratedKills = 3;

    private readonly Dictionary<IResource, ProcessState> _states = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, application.ApplicationStopping);
        var restarts = new List<Task>();
        try
        {
            await foreach (var happened in notifications.WatchAsync(stopping.Token))
            {
                if (happened.Resource.Annotations.OfType<RestartPolicy>().SingleOrDefault() is { } policy)
                {
                    Follow(happened.Resource, policy, happened.Snapshot);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Task.WhenAll(restarts);
        }

        void Follow(IResource resource, RestartPolicy policy, CustomResourceSnapshot now)
        {
            var state = _states.GetValueOrDefault(resource, new ProcessState(Ended: false, Failures: 0));
            if (now.State?.Text == KnownResourceStates.Running && (state.Ended || now.HealthStatus == HealthStatus.Healthy))
            {
                // Once it was ready, its failures are no longer those of a bad start.
                _states[resource] = new ProcessState(Ended: false, now.HealthStatus == HealthStatus.Healthy ? 0 : state.Failures);
            }
            // The same end may be reported more than once.
            else if (now.ExitCode is { } code && code != 0 && !state.Ended)
            {
                var pause = PauseAfter(code == Killed ? state.Failures - ToleratedKills : state.Failures);
                _states[resource] = new ProcessState(Ended: true, state.Failures + 1);
                if (policy.RunsOnce)
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Resource} ended with exit code {ExitCode} and is restarted in {Pause}.")]
    private partial void LogRestart(string resource, int exitCode, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Resource} could not be restarted: {Reason}")]
    private partial void LogNotRestarted(string resource, string? reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Resource} failed with exit code {ExitCode}; the app host stops. See its log lines above.")]
    private partial void LogStepFailed(string resource, int exitCode);

    /// <param name="Failures">How often in a row it ended before it was ready.</param>
    private sealed record ProcessState(bool Ended, int Failures);
}
