using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Runs the model as plain processes: each starts when what it waits for is there, and stops when what waits for it has stopped.</summary>
internal sealed partial class Orchestrator(
    IResourceCollection resources,
    ResourceNotificationService notifications,
    HealthCheckService health,
    IHostEnvironment host,
    ILoggerFactory loggers,
    ILogger<Orchestrator> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan HealthInterval = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<IResource, Task> _runs = [];
    private readonly Watchdog _watchdog = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in resources.Where(resource => resource is ProjectResource or ExecutableResource))
        {
            Start(resource);
        }

        return Task.CompletedTask;
    }

    /// <summary>Starts what does not run: at first, or again.</summary>
    public void Start(IResource resource)
    {
        lock (_runs)
        {
            if (!_runs.TryGetValue(resource, out var run) || run.IsCompleted)
            {
                _runs[resource] = Run(resource);
            }
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(RunsOf(resources)).WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _watchdog.Dispose();
        _stopping.Dispose();
    }

    // Also by way of a step that has ended long ago. The dashboard takes the last telemetry of all: sending it to nobody takes many seconds.
    private static bool Needs(IResource one, IResource other) =>
        (other.Name == DistributedApplication.Dashboard && one is ProjectResource)
        || one.Annotations.OfType<WaitNote>().Any(wait => wait.Dependency == other || Needs(wait.Dependency, other));

    private Task[] RunsOf(IEnumerable<IResource> some)
    {
        lock (_runs)
        {
            return [.. some.Select(resource => _runs.GetValueOrDefault(resource, Task.CompletedTask))];
        }
    }

    private async Task Run(IResource resource)
    {
        await Task.Yield();
        try
        {
            Report(resource, KnownResourceStates.Waiting);
            await Task.WhenAll(resource.Annotations.OfType<WaitNote>().Select(wait => Wait(wait, _stopping.Token)));
            await RunProcess(resource, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            Report(resource, KnownResourceStates.Finished, exitCode: 0);
        }
        // Whatever keeps a process from starting is its own failure, told once, and not the app host's.
        catch (Exception e)
        {
            LogNotStarted(resource.Name, e.Message);
            Report(resource, KnownResourceStates.FailedToStart);
        }
    }

    private async Task Wait(WaitNote wait, CancellationToken ct)
    {
        if (wait.ExitCode is not { } expected)
        {
            await notifications.Wait(wait.Dependency, at => at.HealthStatus == HealthStatus.Healthy, ct);
            return;
        }

        var end = await notifications.Wait(wait.Dependency, at => KnownResourceStates.TerminalStates.Contains(at.State!.Text), ct);
        if (end.ExitCode != expected)
        {
            throw new DistributedApplicationException(
                $"it waits for {wait.Dependency.Name}, which {(end.ExitCode is { } code ? $"ended with exit code {code}" : "did not start")}");
        }
    }

    private async Task RunProcess(IResource resource, CancellationToken ct)
    {
        using var process = ChildProcess.Start(resource, loggers.CreateLogger($"{host.ApplicationName}.Resources.{resource.Name}"));
        _watchdog.Guard(process.Id);
        LogStarted(resource.Name, process.Id);
        Report(resource, KnownResourceStates.Running);

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watched = WatchHealth(resource, ended.Token);
        try
        {
            await process.WaitForExit(ct);
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(RunsOf(resources.Where(other => Needs(other, resource))));
            await process.Stop();
        }

        await ended.CancelAsync();
        await watched;
        _watchdog.Forget(process.Id);
        if (process.ExitCode != 0 && !ct.IsCancellationRequested)
        {
            LogFailed(resource.Name, process.ExitCode);
        }

        Report(resource, KnownResourceStates.Finished, exitCode: process.ExitCode);
    }

    // Until it is healthy for the first time: nobody asks for more than that.
    private async Task WatchHealth(IResource resource, CancellationToken ended)
    {
        var keys = resource.Annotations.OfType<HealthNote>().Select(note => note.Key).ToHashSet();
        using var timer = new PeriodicTimer(HealthInterval);
        try
        {
            while (keys.Count > 0 && (await health.CheckHealthAsync(check => keys.Contains(check.Name), ended)).Status != HealthStatus.Healthy)
            {
                await timer.WaitForNextTickAsync(ended);
            }

            ended.ThrowIfCancellationRequested();
            Report(resource, KnownResourceStates.Running, HealthStatus.Healthy);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // It ended before it was healthy.
        }
    }

    private void Report(IResource resource, string state, HealthStatus? health = null, int? exitCode = null) =>
        notifications.Publish(resource, new CustomResourceSnapshot { State = state, HealthStatus = health, ExitCode = exitCode });

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Resource} started as process {ProcessId}.")]
    private partial void LogStarted(string resource, int processId);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Resource} ended with exit code {ExitCode}.")]
    private partial void LogFailed(string resource, int exitCode);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Resource} was not started: {Reason}.")]
    private partial void LogNotStarted(string resource, string reason);
}
