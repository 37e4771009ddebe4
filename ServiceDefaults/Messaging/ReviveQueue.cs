using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit;

namespace Platform.ServiceDefaults.Messaging;

/// <summary>
/// Begins to receive anew where MassTransit has given up. Up to 8.5.1 a connection that breaks at the wrong moment, while it is being
/// made, ends the loop that would make the next one, and the service never hears anything again (its issue 5692).
/// </summary>
internal sealed partial class ReviveQueue(ILogger<ReviveQueue> log) : BackgroundService, IReceiveEndpointObserver
{
    /// <summary>How long a queue may be without its consumer before it is started anew. Starting one that was only waiting its turn does no harm.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<IReceiveEndpoint, long> _silentSince = new();

    public Task Ready(ReceiveEndpointReady ready)
    {
        _silentSince.TryRemove(ready.ReceiveEndpoint, out _);
        return Task.CompletedTask;
    }

    public Task Completed(ReceiveEndpointCompleted completed) => Note(completed.ReceiveEndpoint);

    public Task Faulted(ReceiveEndpointFaulted faulted) => Note(faulted.ReceiveEndpoint);

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    // The machine's time: patience with the broker is no business time. This ends before the bus does, whose own end is no silence.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var (endpoint, since) in _silentSince)
            {
                if (Stopwatch.GetElapsedTime(since) > Patience)
                {
                    await StartAnew(endpoint, stoppingToken);
                }
            }
        }
    }

    private Task Note(IReceiveEndpoint endpoint)
    {
        _silentSince.TryAdd(endpoint, Stopwatch.GetTimestamp());
        return Task.CompletedTask;
    }

    private async Task StartAnew(IReceiveEndpoint endpoint, CancellationToken ct)
    {
        LogStartedAnew(endpoint.InputAddress.AbsolutePath, Patience);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(StopWithin);
        try
        {
            await endpoint.Stop(limit.Token).WaitAsync(limit.Token);
            // Before it starts: it may be ready at once, and is silent no more.
            _silentSince[endpoint] = Stopwatch.GetTimestamp();
            endpoint.Start(CancellationToken.None);
        }
        // What is left of the old one waits for an answer that never comes: the next try finds it stopped.
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            LogFailed(fault, endpoint.InputAddress.AbsolutePath);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nothing has been received from {Queue} for {Patience}; its consumer is started anew.")]
    private partial void LogStartedAnew(string queue, TimeSpan patience);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The consumer of {Queue} could not be started anew yet; it is tried again.")]
    private partial void LogFailed(Exception fault, string queue);
}
