using System.Diagnostics;
using System.Reflection;
using MassTransit;
using Platform.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Messaging;

/// <summary>
/// Ends a process that has lost the broker for good while the broker is there, so that its supervisor starts it again: a connection that
/// breaks while it is being made can leave MassTransit without any, for ever and without a word, neither consuming nor publishing
/// (decision 10).
/// </summary>
/// <remarks>
/// What counts is a connection of the watchdog's own: as long as that fails too, the broker is away and MassTransit is left alone.
/// </remarks>
internal sealed partial class BrokerWatchdog : BackgroundService, IReceiveEndpointObserver
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>How long MassTransit's consumer may be lost without a sign that it is tried again.</summary>
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(20);

    /// <summary>It pauses for up to 30 s between its tries, each of which may take <see cref="ConnectWithin"/>.</summary>
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(40);

    /// <summary>How long the relay may be without an answer while the broker answers the watchdog: it tries again every few seconds.</summary>
    private static readonly TimeSpan PatienceWithRelay = TimeSpan.FromSeconds(20);

    /// <summary>How long the broker must have answered the watchdog: MassTransit is not blamed for a broker that comes and goes.</summary>
    private static readonly TimeSpan AnswersFor = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);

    /// <summary>For the requests under way. What waits for the lost connection never ends by itself.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(3);

    private readonly ConnectionFactory _factory;
    private readonly string _queue;
    private readonly IHostApplicationLifetime _application;
    private readonly bool _ownsProcess;
    private readonly ILogger<BrokerWatchdog> _log;
    private readonly Lock _gate = new();
    private long? _deafSince;
    private long? _dumbSince;
    private long _lastSign = Stopwatch.GetTimestamp();
    private TimeSpan _lastPause = LongestPatience;
    private bool _refused;

    public BrokerWatchdog(Uri broker, ServiceName service, Events events, IHostEnvironment environment, IHostApplicationLifetime application, ILogger<BrokerWatchdog> log)
    {
        (_queue, _application, _log) = (service.Value, application, log);
        _ownsProcess = Assembly.GetEntryAssembly()?.GetName().Name == environment.ApplicationName;
        // From the start on: a bus that never connects tells nobody.
        _deafSince = events.HandledEvents.Count > 0 ? Stopwatch.GetTimestamp() : null;
        _factory = new ConnectionFactory
        {
            Uri = broker,
            ClientProvidedName = $"{service.Value} watchdog",
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = ConnectWithin,
            ContinuationTimeout = ConnectWithin,
        };
    }

    /// <summary>The relay has something to publish.</summary>
    public void Publishing() => Note(() => _dumbSince ??= Stopwatch.GetTimestamp());

    /// <summary>The broker has answered the relay, or there is nothing left to publish.</summary>
    public void Published() => Note(() => _dumbSince = null);

    public Task Ready(ReceiveEndpointReady ready) => Note(ready.ReceiveEndpoint, () => (_deafSince, _refused) = (null, false));

    public Task Completed(ReceiveEndpointCompleted completed) => Note(completed.ReceiveEndpoint, () => _deafSince ??= Stopwatch.GetTimestamp());

    // Each try that fails tells so.
    public Task Faulted(ReceiveEndpointFaulted faulted) => Note(faulted.ReceiveEndpoint, () =>
    {
        _deafSince ??= Stopwatch.GetTimestamp();
        _refused = IsRefusal(faulted.Exception);
    });

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    // The machine's time: a silent broker is no business matter. This ends before the bus does, whose own end is no silence.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Note(() => _lastSign = Stopwatch.GetTimestamp());
        long? answersSince = null;
        using var timer = new PeriodicTimer(LookEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // Most of the time nothing is wrong, and nobody is asked.
            if (!MayBeLost(PatienceWithRelay) || !await BrokerAnswers(stoppingToken))
            {
                answersSince = null;
                continue;
            }

            answersSince ??= Stopwatch.GetTimestamp();
            var answered = Stopwatch.GetElapsedTime(answersSince.Value);
            if (answered > AnswersFor && MayBeLost(answered))
            {
                End();
                return;
            }
        }
    }

    /// <param name="answered">How long the broker has answered: not before that does the relay's silence count.</param>
    private bool MayBeLost(TimeSpan answered)
    {
        lock (_gate)
        {
            // Each pause of MassTransit's is at most twice the one before. A queue that the broker refuses, for its arguments or for want
            // of rights, is refused to the next process too.
            var patience = TimeSpan.FromTicks(Math.Clamp((2 * _lastPause + ConnectWithin + ConnectWithin).Ticks, ShortestPatience.Ticks, LongestPatience.Ticks));
            var isDeaf = _deafSince is not null && !_refused && Stopwatch.GetElapsedTime(_lastSign) > patience;
            var isDumb = _dumbSince is { } since && Stopwatch.GetElapsedTime(since) > ConnectWithin && answered >= PatienceWithRelay;
            return isDeaf || isDumb;
        }
    }

    private Task Note(IReceiveEndpoint endpoint, Action change)
    {
        // The bus has an endpoint of its own besides.
        if (endpoint.InputAddress.AbsolutePath.EndsWith($"/{_queue}", StringComparison.Ordinal))
        {
            Note(() =>
            {
                _lastPause = _deafSince is null ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_lastSign);
                _lastSign = Stopwatch.GetTimestamp();
                change();
            });
        }

        return Task.CompletedTask;
    }

    private void Note(Action change)
    {
        lock (_gate)
        {
            change();
        }
    }

    private async Task<bool> BrokerAnswers(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(ConnectWithin);
        try
        {
            await using var connection = await _factory.CreateConnectionAsync(limit.Token).WaitAsync(limit.Token);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: limit.Token).WaitAsync(limit.Token);
            return true;
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            LogBrokerAway(fault);
            return false;
        }
    }

    private void End()
    {
        LogEnd(_queue, ExitCode.BrokerLost);
        _application.StopApplication();
        // A service that another program hosts ends alone.
        if (_ownsProcess)
        {
            Environment.ExitCode = ExitCode.BrokerLost;
            _ = Task.Delay(StopWithin).ContinueWith(_ => Environment.Exit(ExitCode.BrokerLost), TaskScheduler.Default);
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
        Message = "{Service} has lost the broker, which answers, and does not connect again: the process ends with exit code {ExitCode}, to be started again.")]
    private partial void LogEnd(string service, int exitCode);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The broker does not answer the watchdog either.")]
    private partial void LogBrokerAway(Exception fault);
}
