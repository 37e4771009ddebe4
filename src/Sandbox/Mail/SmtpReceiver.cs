using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Platform.Sandbox.Mail;

/// <summary>Accepts mail on its own port, on loopback only.</summary>
internal sealed partial class SmtpReceiver(IOptions<SandboxOptions> options, Mailbox mailbox, ILogger<SmtpReceiver> log) : BackgroundService
{
    private const int MaxSessions = 50;

    /// <summary>Maximum length of a session.</summary>
    private static readonly TimeSpan MaxSessionLength = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _slots = new(MaxSessions);
    private TcpListener? _listener;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.MailPort > 0)
        {
            // Started here, not in the background, so that a port in use ends the program with a message.
            _listener = new TcpListener(IPAddress.Loopback, options.Value.MailPort);
            _listener.Start();
        }

        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _listener?.Dispose();
        _slots.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_listener is null)
        {
            return;
        }

        var sessions = new HashSet<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            // When all slots are taken, further connections wait in the system's backlog.
            await _slots.WaitAsync(stoppingToken);
            sessions.Add(Serve(await _listener.AcceptTcpClientAsync(stoppingToken), stoppingToken));
            sessions.RemoveWhere(session => session.IsCompleted);
        }
    }

    private async Task Serve(TcpClient client, CancellationToken stoppingToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        timeout.CancelAfter(MaxSessionLength);
        try
        {
            using (client)
            {
                await new SmtpSession(client.GetStream(), mailbox).Run(timeout.Token);
            }
        }
        // The client has disconnected, took too long, or speaks another protocol.
        catch (Exception end) when (end is IOException or OperationCanceledException or InvalidDataException)
        {
            LogBrokenOff(end);
        }
        finally
        {
            _slots.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A mail connection broke off.")]
    private partial void LogBrokenOff(Exception end);
}
