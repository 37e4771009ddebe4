using System.Diagnostics;
using System.Reflection;
using MassTransit;
using Platform.Contracts;
using Platform.Database;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Messaging;

/// <summary>
/// Ends a process that cannot reconnect to a running broker, so that its supervisor restarts it: when a connection breaks while it is
/// being opened, MassTransit may silently stop consuming and publishing for good (decision 10).
/// </summary>
/// <remarks>The watchdog opens a connection of its own. While that fails too, the broker is down and MassTransit is left alone.</remarks>
internal sealed partial class BrokerWatchdog : BackgroundService, IReceiveEndpointObserver
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    /// <summary>How long MassTransit's consumer may be disconnected without an attempt to reconnect.</summary>
    private static readonly TimeSpan MinConsumerTimeout = TimeSpan.FromSeconds(20);

    /// <summary>MassTransit pauses for up to 30 s between attempts, each of which may take <see cref="ConnectTimeout"/>.</summary>
    private static readonly TimeSpan MaxConsumerTimeout = TimeSpan.FromSeconds(40);

    /// <summary>How long the relay may go without a confirm while the broker answers the watchdog. The relay retries every few seconds.</summary>
    private static readonly TimeSpan RelayTimeout = TimeSpan.FromSeconds(20);

    /// <summary>How long the broker must have answered the watchdog before the process ends. An unstable broker is not MassTransit's fault.</summary>
    private static readonly TimeSpan BrokerStableFor = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Lets running requests finish. Whatever waits for the lost connection never ends by itself.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);

    private readonly ConnectionFactory _factory;
    private readonly string _queue;
    private readonly IHostApplicationLifetime _application;
    private readonly bool _ownsProcess;
    private readonly ILogger<BrokerWatchdog> _log;
    private readonly Lock _gate = new();
    private long? _consumerLostSince;
    private long? _unconfirmedSince;
    private long _lastAttempt = Stopwatch.GetTimestamp();
    private TimeSpan _lastPause = MaxConsumerTimeout;
    private bool _refused;

    public BrokerWatchdog(Uri broker, ServiceName service, Events events, IHostEnvironment environment, IHostApplicationLifetime application,
        ILogger<BrokerWatchdog> log)
    {
        (_queue, _application, _log) = (service.Value, application, log);
        _ownsProcess = Assembly.GetEntryAssembly()?.GetName().Name == environment.ApplicationName;
        // From the start: a bus that never connects raises no event.
        _consumerLostSince = events.HandledEvents.Count > 0 ? Stopwatch.GetTimestamp() : null;
        _factory = new ConnectionFactory
        {
            Uri = broker,
            ClientProvidedName = $"{service.Value} watchdog",
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = ConnectTimeout,
            ContinuationTimeout = ConnectTimeout,
        };
    }

    /// <summary>The relay starts to publish.</summary>
    public void Publishing() => Update(() => _unconfirmedSince ??= Stopwatch.GetTimestamp());

    /// <summary>The broker has answered the relay, or the outbox is empty.</summary>
    public void Published() => Update(() => _unconfirmedSince = null);

    public Task Ready(ReceiveEndpointReady ready) => Update(ready.ReceiveEndpoint, () => (_consumerLostSince, _refused) = (null, false));

    public Task Completed(ReceiveEndpointCompleted completed) =>
        Update(completed.ReceiveEndpoint, () => _consumerLostSince ??= Stopwatch.GetTimestamp());

    // MassTransit calls this for every failed attempt to connect.
    public Task Faulted(ReceiveEndpointFaulted faulted) => Update(faulted.ReceiveEndpoint, () =>
    {
        _consumerLostSince ??= Stopwatch.GetTimestamp();
        _refused = IsRefusal(faulted.Exception);
    });

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    // System time, not TimeProvider: connections are outside a test's clock.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Update(() => _lastAttempt = Stopwatch.GetTimestamp());
        long? answersSince = null;
        using var timer = new PeriodicTimer(CheckEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // Only asks the broker when something seems wrong.
            if (!MayBeLost(RelayTimeout) || !await BrokerAnswers(stoppingToken))
            {
                answersSince = null;
                continue;
            }

            answersSince ??= Stopwatch.GetTimestamp();
            var answered = Stopwatch.GetElapsedTime(answersSince.Value);
            if (answered > BrokerStableFor && MayBeLost(answered))
            {
                End();
                return;
            }
        }
    }

    /// <param name="answered">How long the broker has answered the watchdog.</param>
    private bool MayBeLost(TimeSpan answered)
    {
        lock (_gate)
        {
            // MassTransit's pause at most doubles with each attempt. If the broker refuses the queue (wrong arguments or missing
            // permissions), a restart does not help.
            var timeout = TimeSpan.FromTicks(
                Math.Clamp((2 * _lastPause + ConnectTimeout + ConnectTimeout).Ticks, MinConsumerTimeout.Ticks, MaxConsumerTimeout.Ticks));
            var consumerLost = _consumerLostSince is not null && !_refused && Stopwatch.GetElapsedTime(_lastAttempt) > timeout;
            var relayLost = _unconfirmedSince is { } since && Stopwatch.GetElapsedTime(since) > ConnectTimeout && answered >= RelayTimeout;
            return consumerLost || relayLost;
        }
    }

    private Task Update(IReceiveEndpoint endpoint, Action change)
    {
        // Ignores the bus's own endpoint.
        if (endpoint.InputAddress.AbsolutePath.EndsWith($"/{_queue}", StringComparison.Ordinal))
        {
            Update(() =>
            {
                _lastPause = _consumerLostSince is null ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_lastAttempt);
                _lastAttempt = Stopwatch.GetTimestamp();
                change();
            });
        }

        return Task.CompletedTask;
    }

    private void Update(Action change)
    {
        lock (_gate)
        {
            change();
        }
    }

    private async Task<bool> BrokerAnswers(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(ConnectTimeout);
        try
        {
            await using var connection = await _factory.CreateConnectionAsync(limit.Token).WaitAsync(limit.Token);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: limit.Token).WaitAsync(limit.Token);
            return true;
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            LogBrokerUnavailable(fault);
            return false;
        }
    }

    private void End()
    {
        LogEnd(_queue, ExitCode.BrokerLost);
        _application.StopApplication();
        // In a test the service is hosted by another process, which goes on.
        if (_ownsProcess)
        {
            Environment.ExitCode = ExitCode.BrokerLost;
            _ = Task.Delay(StopTimeout).ContinueWith(_ => Environment.Exit(ExitCode.BrokerLost), TaskScheduler.Default);
        }
    }

    private static bool IsRefusal(Exception? fault)
    {
        for (var cause = fault; cause is not null; cause = cause.InnerException)
        {
            if (cause is OperationInterruptedException { ShutdownReason: { Initiator: ShutdownInitiator.Peer, ReplyCode: >= 400 and < 500 } })
            {
                return true;
            }
        }

        return false;
    }

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "{Service} cannot reconnect to the broker, although the broker answers. The process ends with exit code {ExitCode} to be restarted.")]
    private partial void LogEnd(string service, int exitCode);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The broker does not answer the watchdog either.")]
    private partial void LogBrokerUnavailable(Exception fault);
}
